import type { Ack } from 'signal-core/protocol';
import { expect, it } from 'vitest';
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
