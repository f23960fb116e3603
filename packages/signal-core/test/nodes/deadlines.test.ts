import type { Stores } from 'signal-core';
import { expect, onTestFinished, test } from 'vitest';
import { ring } from '../e2e/call-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

const RING_MS = 60_000;

/** How much later than its deadline a call may end, in milliseconds: while one of its nodes lives, and when none does. */
const TICK_MS = 250;
const FOUND_MS = 4_000;

/** Three nodes, of which the last can stand still; it is counted how often the stores are asked what is due. */
async function startThree() {
  const last = new Standstill();
  const looks: number[] = [];
  const stage = await startNodes({
    count: 3,
    before(shared, node) {
      const counted = counting(shared, () => looks.push(node));
      return node === 2 ? last.before(counted) : counted;
    },
  });
  onTestFinished(() => last.open());
  const activeCalls = async () => (await stage.nodes[0]?.signaling.stats())?.activeCalls;
  return { ...stage, last, looks, activeCalls };
}

function counting(stores: Stores, onLook: () => void): Stores {
  return {
    ...stores,
    in(scope) {
      const { calls, restores } = stores.in(scope);
      const claimDue: typeof calls.claimDue = (now, limit) => {
        onLook();
        return calls.claimDue(now, limit);
      };
      return { calls: Object.assign(Object.create(calls), { claimDue }), restores };
    },
  };
}

test('[NODE-15] before a deadline one node of all looks every 3 s; at the deadline the call ends in time', async () => {
  const { clock, join, looks, settle } = await startThree();
  const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
  const callId = await ring(alice, bob);
  looks.length = 0;
  await clock.advance(RING_MS - 1_000);
  expect(looks.length).toBeGreaterThan(10);
  expect(looks.length).toBeLessThanOrEqual(RING_MS / 3_000 + 1);
  await settle(alice, bob);
  await alice.quiet('call_ended');
  await clock.advance(1_000 + TICK_MS);
  for (const client of [alice, bob]) {
    expect(await client.next('call_ended')).toMatchObject({ callId, reason: 'no_answer' });
  }
});

test('[NODE-15] the deadline of a call whose nodes are all dead is found 4 s later', async () => {
  const { clock, join, last, activeCalls } = await startThree();
  const [alice, bob] = [await join(2, 'alice'), await join(2, 'bob')];
  await ring(alice, bob);
  await clock.advance(RING_MS - 1_000);
  last.shut();
  await Promise.all([alice.cutWire(), bob.cutWire()]);
  await clock.advance(999);
  expect(await activeCalls()).toBe(1);
  await clock.advance(1 + FOUND_MS);
  expect(await activeCalls()).toBe(0);
});
