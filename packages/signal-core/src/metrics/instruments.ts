/**
 * What is measured, once: names, help, labels, buckets. Every label is one of a closed set.
 *
 * @see SPEC.md, rules METRICS-2 and METRICS-3
 */
export const INSTRUMENTS = {
  connections: { name: 'signal_connections', help: 'Connections to this server, joined or not' },
  usersOnline: { name: 'signal_users_online', help: 'Users who are online, each counted once' },
  callsLive: { name: 'signal_calls', help: 'Live calls, by state: ringing or active', labelNames: ['state'] },
  callsStarted: { name: 'signal_calls_started_total', help: 'Calls that began to ring' },
  callsAnswered: { name: 'signal_calls_answered_total', help: 'Calls that were accepted' },
  callsEnded: { name: 'signal_calls_ended_total', help: 'Calls that ended, by reason', labelNames: ['reason'] },
  answeredShare: {
    name: 'signal_calls_answered_ratio',
    help: 'Of the calls that ended, the share that had been answered; NaN before the first',
  },
  answerTime: {
    name: 'signal_call_answer_seconds',
    help: 'From the call to its answer',
    // people need a few seconds, and a call rings for a minute unless it is told otherwise
    buckets: [1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 120, 180],
  },
  requestTime: {
    name: 'signal_http_request_seconds',
    help: 'REST requests, by route and status',
    labelNames: ['route', 'status'],
    // lists take a millisecond, logins a hash and their turn
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  },
  refusals: { name: 'signal_refusals_total', help: 'Refused events and requests, by code', labelNames: ['code'] },
} as const;

/** The process, under the names that prom-client gives to its default metrics: only in a registry of our own. */
export const PROCESS_INSTRUMENTS = {
  lagMean: { name: 'nodejs_eventloop_lag_mean_seconds', help: 'Mean delay of the event loop since the last scrape' },
  lagP50: { name: 'nodejs_eventloop_lag_p50_seconds', help: 'Median delay of the event loop since the last scrape' },
  lagP99: { name: 'nodejs_eventloop_lag_p99_seconds', help: '99th percentile of it' },
  lagMax: { name: 'nodejs_eventloop_lag_max_seconds', help: 'The longest of it' },
  cpu: { name: 'process_cpu_seconds_total', help: 'CPU time that the process took, its own and of the system for it' },
  resident: { name: 'process_resident_memory_bytes', help: 'Resident memory' },
  heapUsed: { name: 'nodejs_heap_size_used_bytes', help: 'Heap in use' },
  heapTotal: { name: 'nodejs_heap_size_total_bytes', help: 'Heap that is reserved' },
  external: { name: 'nodejs_external_memory_bytes', help: 'Memory outside the heap that objects in it hold' },
} as const;
