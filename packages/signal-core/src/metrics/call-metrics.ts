import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CallRecord } from '../call-record.js';
import { END_REASONS } from '../domain/end-reason.js';
import type { HostEvents } from '../host-events.js';
import { INSTRUMENTS } from './instruments.js';

/** Counts calls by what the host is told of them. */
export function countCalls(registry: Registry, events: HostEvents): void {
  const registers = [registry];
  const started = new Counter({ ...INSTRUMENTS.callsStarted, registers });
  const answered = new Counter({ ...INSTRUMENTS.callsAnswered, registers });
  const ended = new Counter({ ...INSTRUMENTS.callsEnded, registers });
  for (const reason of END_REASONS) ended.inc({ reason }, 0);
  const { buckets } = INSTRUMENTS.answerTime;
  const answerTime = new Histogram({ ...INSTRUMENTS.answerTime, buckets: [...buckets], registers });
  const total = { ended: 0, answered: 0 };
  new Gauge({
    ...INSTRUMENTS.answeredShare,
    registers,
    collect() {
      this.set(total.answered / total.ended);
    },
  });
  events.on('callStarted', () => started.inc());
  events.on('callAnswered', (call) => {
    answered.inc();
    answerTime.observe(secondsToAnswer(call));
  });
  events.on('callEnded', ({ endReason, durationMs }) => {
    total.ended += 1;
    if (durationMs !== undefined) total.answered += 1;
    if (endReason !== undefined) ended.inc({ reason: endReason });
  });
}

/** Clocks of two nodes may differ by more than an answer took. */
function secondsToAnswer({ startTime, answerTime = startTime }: CallRecord): number {
  return Math.max(0, answerTime.getTime() - startTime.getTime()) / 1_000;
}
