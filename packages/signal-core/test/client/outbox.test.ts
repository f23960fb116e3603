import type { Ack } from 'signal-core/protocol';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Outbox, type Wire } from '../../src/client/outbox.ts';

/** Where an outbox sends: what came, and how to answer it. */
function wire() {
  const sent: string[] = [];
  const answers: ((ack: Ack | undefined) => void)[] = [];
  const request = (_event: string, payload: { callId: string }, onAnswer: (ack: Ack | undefined) => void) => {
    sent.push(payload.callId);
    answers.push(onAnswer);
  };
  return { sent, answers, wire: { request } as unknown as Wire };
}

const say = (outbox: Outbox, callId: string, heard: string[] = []) =>
  outbox.add('end_call', { callId }, (ack) => heard.push(ack.ok ? callId : `${callId} ${ack.error.code}`));

it('[CLIENT-4] what is said without a connection waits, in order', () => {
  const outbox = new Outbox();
  say(outbox, '1');
  say(outbox, '2');
  expect(outbox.wasUsed).toBe(false);
  const first = wire();
  outbox.open(first.wire);
  say(outbox, '3');
  expect(first.sent).toEqual(['1', '2', '3']);
  expect(outbox.wasUsed).toBe(true);
});

it('[CLIENT-4] what was not answered is said again over the next connection, and nothing else', () => {
  const outbox = new Outbox();
  const heard: string[] = [];
  const [first, second] = [wire(), wire()];
  outbox.open(first.wire);
  for (const callId of ['1', '2', '3']) say(outbox, callId, heard);
  first.answers[1]?.({ ok: true });
  for (const answer of [first.answers[0], first.answers[2]]) answer?.(undefined);
  outbox.hold();
  say(outbox, '4', heard);
  outbox.open(second.wire);
  expect(second.sent).toEqual(['1', '3', '4']);
  for (const answer of second.answers) answer({ ok: true });
  expect(heard).toEqual(['2', '1', '3', '4']);
});

it('[CLIENT-4] an answer that comes twice counts once, and the last one empties it', () => {
  let emptied = 0;
  const outbox = new Outbox(() => {
    emptied += 1;
  });
  const heard: string[] = [];
  const only = wire();
  outbox.open(only.wire);
  say(outbox, '1', heard);
  for (const answer of [...only.answers, ...only.answers]) answer({ ok: true });
  expect([heard, emptied, outbox.isEmpty]).toEqual([['1'], 1, true]);
});

it('[CLIENT-4] what no longer matters is refused, and not said again', () => {
  const outbox = new Outbox();
  const heard: string[] = [];
  say(outbox, '1', heard);
  outbox.discard({ code: 'invalid_state', message: 'over' });
  const later = wire();
  outbox.open(later.wire);
  expect([heard, later.sent]).toEqual([['1 invalid_state'], []]);
});

/** The same, with numbers, and a clock of its own. */
function counting() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const over = () => {
    const sent: string[] = [];
    const answers: ((ack: Ack | undefined) => void)[] = [];
    const request = (
      event: string,
      payload: { callId: string; seq?: number },
      answer: (ack: Ack | undefined) => void,
    ) => {
      sent.push(`${event === 'end_call' ? 'end' : payload.callId} ${payload.seq ?? '-'}`);
      answers.push(answer);
    };
    const answer = (...acks: (Ack | undefined)[]) => {
      for (const ack of acks) answers.shift()?.(ack);
    };
    return { sent, answer, wire: { request } as unknown as Wire };
  };
  const outbox = new Outbox();
  const heard: string[] = [];
  const tell = (what: string) => (ack: Ack) => void heard.push(ack.ok ? what : `${what} ${ack.error.code}`);
  const info = (callId: string) => outbox.addNumbered('call_info', { callId, data: null }, tell(callId));
  return { over, outbox, heard, info, tell };
}

const OK: Ack = { ok: true };
const tooFast = (retryAfterMs: number): Ack => ({
  ok: false,
  error: { code: 'rate_limited', message: '', retryAfterMs },
});

it('[CLIENT-29] what came too fast is said again after that time, before what was said later, under a new number', () => {
  const { over, outbox, heard, info, tell } = counting();
  const { sent, answer, wire } = over();
  outbox.open(wire);
  for (const name of ['a', 'b', 'c']) info(name);
  answer(tooFast(100));
  info('d');
  outbox.add('end_call', { callId: 'x' }, tell('end'));
  // the server took the second, and not the third
  answer(OK, tooFast(100));
  vi.advanceTimersByTime(99);
  expect(sent).toEqual(['a 1', 'b 2', 'c 3']);
  vi.advanceTimersByTime(1);
  for (let n = 0; n < 4; n += 1) {
    answer(OK);
    vi.advanceTimersByTime(100);
  }
  expect(sent.slice(3)).toEqual(['a 4', 'c 5', 'd 6', 'end -']);
  expect(heard).toEqual(['b', 'a', 'c', 'd', 'end']);
  expect(vi.getTimerCount()).toBe(0);
});

it('[CLIENT-29] afterwards one thing follows the other, at that pace, until all is said', () => {
  const { over, outbox, info } = counting();
  const { sent, answer, wire } = over();
  outbox.open(wire);
  for (const name of ['a', 'b', 'c']) info(name);
  answer(tooFast(50), tooFast(50), tooFast(50));
  vi.advanceTimersByTime(50);
  expect(sent.slice(3)).toEqual(['a 4']);
  vi.advanceTimersByTime(1_000);
  expect(sent.slice(3)).toEqual(['a 4']);
  answer(OK);
  vi.advanceTimersByTime(50);
  answer(tooFast(10));
  vi.advanceTimersByTime(10);
  expect(sent.slice(4)).toEqual(['b 5', 'b 6']);
  answer(OK);
  // the pace lacked that much
  vi.advanceTimersByTime(59);
  expect(sent).toHaveLength(6);
  vi.advanceTimersByTime(1);
  answer(OK);
  for (const name of ['d', 'e']) info(name);
  expect(sent.slice(6)).toEqual(['c 7', 'd 8', 'e 9']);
});

it('[CLIENT-29] over the next connection what may have been taken keeps its number and comes first', () => {
  const { over, outbox, info } = counting();
  const [first, second] = [over(), over()];
  outbox.open(first.wire);
  for (const name of ['a', 'b', 'c']) info(name);
  first.answer(tooFast(100), undefined, undefined);
  outbox.hold();
  expect(vi.getTimerCount()).toBe(0);
  outbox.open(second.wire);
  expect(second.sent).toEqual(['b 2', 'c 3', 'a 4']);
});

it('[CLIENT-29] so many are under way at a time that their refusals alone kick nobody', () => {
  const { over, outbox, info } = counting();
  const { sent, answer, wire } = over();
  outbox.open(wire);
  for (let n = 0; n < 300; n += 1) info(`${n}`);
  expect(sent).toHaveLength(50);
  answer(OK, OK);
  expect(sent).toHaveLength(52);
});

it('[CLIENT-29] a call is not placed again, and neither is what was refused without a time', () => {
  const { over, outbox, heard, info, tell } = counting();
  const { sent, answer, wire } = over();
  outbox.open(wire);
  const payload = { to: 'bob', callType: 'video', offer: { type: 'offer', sdp: 'v=0' } } as const;
  outbox.add('call_user', payload, tell('call'));
  info('a');
  answer(tooFast(100), { ok: false, error: { code: 'rate_limited', message: '' } });
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(2);
  expect(heard).toEqual(['call rate_limited', 'a rate_limited']);
});

it('[CLIENT-29] when the call is over nothing is said again', () => {
  const { over, outbox, heard, info } = counting();
  const { sent, answer, wire } = over();
  outbox.open(wire);
  info('a');
  answer(tooFast(100));
  outbox.discard({ code: 'invalid_state', message: 'over' });
  expect(vi.getTimerCount()).toBe(0);
  expect([sent, heard]).toEqual([['a 1'], ['a invalid_state']]);
});
