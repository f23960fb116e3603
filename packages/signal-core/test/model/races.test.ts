import { setImmediate } from 'node:timers/promises';
import { createMemoryStores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';
import { scheduledStores } from './scheduled-stores.ts';

const ACCEPT_RACES = scaled(300, 10_000);
const GLARES = scaled(100, 2_000);
/** Ten thousand races take longer than other tests. */
const FULL_SCALE_MS = 300_000;

/** Every access to a store takes a few turns of the event loop, so that both racers have read before one of them writes. */
async function someTurns(): Promise<void> {
  for (let turns = Math.floor(Math.random() * 4); turns > 0; turns -= 1) await setImmediate();
}

const server = await startTestServer({ stores: scheduledStores(createMemoryStores(), someTurns) });
const { signaling, url } = server;

async function join(user: string, deviceId: string): Promise<ScriptedClient> {
  const client = await new ScriptedClient({ url, transport: 'websocket', name: `${user}’s ${deviceId}` }).connect();
  await client.join({ id: user, username: user, deviceId, presence: 'none' });
  return client;
}

const call = (to: string, callId: string) => ({ to, callId, callType: 'video', offer: OFFER });

describe('the same devices, over and over', () => {
  let [alice, phone, tablet]: ScriptedClient[] = [];
  beforeAll(async () => {
    [alice, phone, tablet] = await Promise.all([join('alice', 'laptop'), join('bob', 'phone'), join('bob', 'tablet')]);
  });
  afterAll(async () => {
    for (const client of [alice, phone, tablet]) client?.close();
    await server.close();
  });

  /** The devices, with nothing left of the race before. */
  function devices(): { alice: ScriptedClient; phone: ScriptedClient; tablet: ScriptedClient } {
    if (!alice || !phone || !tablet) throw new Error('not joined');
    for (const client of [alice, phone, tablet]) client.forget();
    return { alice, phone, tablet };
  }

  test(
    `[CALL-4] ${ACCEPT_RACES} times two devices accept at once: one wins, the other is told`,
    async () => {
      const won = { phone: 0, tablet: 0 };
      let [double, none] = [0, 0];
      const waits: number[] = [];
      for (let race = 1; race <= ACCEPT_RACES; race += 1) {
        const { alice, phone, tablet } = devices();
        const callId = `race-${race}`;
        expect(await alice.ask('call_user', call('bob', callId))).toMatchObject({ ok: true });
        await Promise.all([phone, tablet].map((each) => each.next('incoming_call')));
        const began = performance.now();
        // who sends first changes
        const racers = race % 2 === 0 ? [phone, tablet] : [tablet, phone];
        const answers = await Promise.all(racers.map((each) => each.ask('accept_call', { callId, answer: ANSWER })));
        const winners = racers.filter((_, index) => answers[index]?.ok);
        if (winners.length > 1) double += 1;
        if (winners.length === 0) none += 1;
        const winner = winners[0] === phone ? phone : tablet;
        const loser = winner === phone ? tablet : phone;
        won[winner === phone ? 'phone' : 'tablet'] += 1;
        expect(answers).toContainEqual({
          ok: false,
          error: expect.objectContaining({ code: 'invalid_state', callId }),
        });
        const told = await loser.next('call_ended');
        waits.push(performance.now() - began);
        expect(told).toMatchObject({ callId, reason: 'answered_elsewhere' });
        await alice.next('call_accepted');
        expect(await alice.ask('end_call', { callId })).toEqual({ ok: true });
        expect(await winner.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
        expect(alice.take('call_accepted')).toEqual([]);
      }
      expect({ double, none }).toEqual({ double: 0, none: 0 });
      const p99 = waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? 0;
      expect(p99).toBeLessThan(500);
      expect(await signaling.activeCalls()).toEqual([]);
      const { phone, tablet } = won;
      report(
        `${ACCEPT_RACES} accept races: ${double} double, ${none} none, phone ${phone}, tablet ${tablet}, loser told within ${p99.toFixed(1)} ms (p99)`,
      );
    },
    FULL_SCALE_MS,
  );

  test(
    `[CALL-11] ${GLARES} times two users call each other at once: one call, which the other side then answers`,
    async () => {
      const won = { alice: 0, bob: 0 };
      for (let glare = 1; glare <= GLARES; glare += 1) {
        const { alice, phone } = devices();
        const attempts = [
          { client: alice, id: `alice-${glare}`, to: 'bob' },
          { client: phone, id: `bob-${glare}`, to: 'alice' },
        ];
        if (glare % 2 === 0) attempts.reverse();
        const answers = await Promise.all(attempts.map(({ client, id, to }) => client.ask('call_user', call(to, id))));
        const placed = attempts.filter((_, index) => answers[index]?.ok);
        expect(placed).toHaveLength(1);
        const { client: caller = alice, id = '' } = placed[0] ?? {};
        const callee = caller === alice ? phone : alice;
        won[caller === alice ? 'alice' : 'bob'] += 1;
        expect(answers).toContainEqual({ ok: false, error: expect.objectContaining({ code: 'glare', callId: id }) });
        expect((await signaling.activeCalls()).map((each) => each.id)).toEqual([id]);
        expect(await callee.next('incoming_call')).toMatchObject({ callId: id });
        expect(await callee.ask('accept_call', { callId: id, answer: ANSWER })).toEqual({ ok: true });
        expect(await caller.next('call_accepted')).toMatchObject({ callId: id });
        expect(await callee.ask('end_call', { callId: id })).toEqual({ ok: true });
        expect(await caller.next('call_ended')).toMatchObject({ callId: id, reason: 'hangup' });
      }
      expect(await signaling.activeCalls()).toEqual([]);
      report(`${GLARES} glares: one call each, alice’s ${won.alice}, bob’s ${won.bob}`);
    },
    FULL_SCALE_MS,
  );
});

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
