import type { ProtocolName } from './driver/protocols/protocols.js';
import type { ScenarioName } from './scenario-name.js';
import type { ServerName } from './servers/server-name.js';

/** A server under measurement, with the kind of client that it serves. */
export interface Subject {
  title: string;
  server: ServerName;
  protocol: ProtocolName;
  /** Whether clients are told who is online: by lists, by changes, or not at all. */
  presence: 'lists' | 'changes' | 'none';
  /** What it is measured in. */
  scenarios: readonly ScenarioName[];
}

/** Everything that is measured, in the order of the tables. */
export const SUBJECTS = {
  ws: {
    title: 'bare `ws` relay',
    server: 'ws',
    protocol: 'ws-relay',
    presence: 'none',
    scenarios: ['calls', 'ramp', 'idle', 'churn'],
  },
  socketio: {
    title: 'bare Socket.IO relay',
    server: 'socketio',
    protocol: 'socketio-relay',
    presence: 'none',
    scenarios: ['calls', 'ramp', 'idle', 'churn'],
  },
  peerjs: {
    title: 'PeerJS server',
    server: 'peerjs',
    protocol: 'peerjs',
    presence: 'none',
    scenarios: ['calls', 'ramp'],
  },
  legacy: {
    title: 'legacy server, re-created',
    server: 'legacy',
    protocol: 'signaling',
    presence: 'lists',
    scenarios: ['calls', 'ramp', 'presence', 'churn'],
  },
  ours: {
    title: '**signal-core**',
    server: 'ours',
    protocol: 'signaling',
    presence: 'lists',
    scenarios: ['calls', 'ramp', 'idle', 'presence', 'churn'],
  },
  guarded: {
    title: '**signal-core**, tokens and `standard` limits',
    server: 'guarded',
    protocol: 'signaling-token',
    presence: 'lists',
    scenarios: ['calls'],
  },
  unguarded: {
    title: '**signal-core**, `open` and limits `off`',
    server: 'unguarded',
    protocol: 'signaling',
    presence: 'lists',
    scenarios: ['calls'],
  },
  batching: {
    title: '**signal-core**, batching client',
    server: 'ours',
    protocol: 'signaling-2',
    presence: 'none',
    scenarios: ['calls'],
  },
  unacknowledged: {
    title: '… without acknowledgements',
    server: 'ours',
    protocol: 'signaling-2-unacknowledged',
    presence: 'none',
    scenarios: ['calls'],
  },
  delta: {
    title: '**signal-core**',
    server: 'ours',
    protocol: 'signaling-2-delta',
    presence: 'changes',
    scenarios: ['presence', 'churn'],
  },
  nodes: {
    title: '**signal-core** on Redis',
    server: 'node',
    protocol: 'signaling-2-single',
    presence: 'none',
    scenarios: ['nodes'],
  },
  streams: {
    title: 'bare Socket.IO relay, streams adapter',
    server: 'streams-adapter',
    protocol: 'socketio-relay',
    presence: 'none',
    scenarios: ['nodes'],
  },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof SUBJECTS;

// The keys of SUBJECTS are exactly the names.
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as SubjectName[];

/** Those that a scenario measures. */
export function subjectsOf(scenario: ScenarioName): SubjectName[] {
  return SUBJECT_NAMES.filter((name) => {
    const { scenarios }: Subject = SUBJECTS[name];
    return scenarios.includes(scenario);
  });
}
