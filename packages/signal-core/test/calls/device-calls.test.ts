import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { returnToCalls, ringLate, takeFromCalls } from '../../src/calls/device-calls.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { ANSWER, bob, carol, laptop, pager, phone, tablet, tv, watch } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

/** Alice's laptop rings Bob's phone and tablet; with `max: 2` there is room for another call. */
async function ringing(max = 1) {
  const set = stage({ rules: { maxCallsPerUser: max } });
  await set.online(laptop, phone, tablet);
  await placeCall(set.context, set.call());
  const accept = (device: typeof phone, callId = 'c1') =>
    applyCommand(set.context, callId, { type: 'accept', device, answer: ANSWER, at: set.clock.now() });
  set.heard();
  return { ...set, accept };
}

describe('a device that leaves', () => {
  test('[LOSS-1] takes all its calls with it', async () => {
    const { context, accept, online, call, heard } = await ringing(2);
    await accept(phone);
    await online(pager);
    await placeCall(context, call({ callId: 'c2', device: pager }));
    heard();
    await takeFromCalls(context, phone, 'leave');
    expect(heard()).toEqual(['laptop: ended, peer_disconnected by bob after 0 ms', 'c1 over']);
    await takeFromCalls(context, tablet, 'leave');
    expect(heard()).toEqual(['tablet: rung no more', 'pager: ended, peer_disconnected', 'c2 over']);
  });

  test('[LOSS-1] leaves the calls of other devices of its user alone', async () => {
    const { context, accept, heard } = await ringing();
    await accept(phone);
    heard();
    await takeFromCalls(context, tablet, 'leave');
    await takeFromCalls(context, watch, 'leave');
    expect(heard()).toEqual([]);
  });
});

describe('a device that comes online', () => {
  test('[CALL-19] is rung for the call that rings', async () => {
    const { context, online, heard, stores } = await ringing();
    await online(tv);
    await ringLate(context, { device: tv });
    expect(heard()).toEqual(['tv: rings']);
    expect(await stores.calls.get('c1')).toMatchObject({
      rung: [{ device: phone }, { device: tablet }, { device: tv }],
    });
  });

  test('[CALL-19] of the caller is not rung', async () => {
    const { context, heard } = await ringing();
    await ringLate(context, { device: watch });
    expect(heard()).toEqual([]);
  });

  test('[CALL-19] is not rung for a call that was answered', async () => {
    const { context, accept, online, heard } = await ringing();
    await accept(phone);
    await online(tv);
    heard();
    await ringLate(context, { device: tv });
    expect(heard()).toEqual([]);
  });

  test('[CALL-10] is not rung while it is in a call', async () => {
    const { context, accept, online, call, heard } = await ringing(2);
    await accept(phone);
    await online(pager, tv);
    await placeCall(context, call({ callId: 'c2', device: pager }));
    heard();
    await ringLate(context, { device: phone });
    expect(heard()).toEqual([]);
    await ringLate(context, { device: tv });
    expect(heard()).toEqual(['tv: rings']);
  });

  test('[CALL-10] is not rung when it dials while its ring is being written', async () => {
    let beforeCommit = async () => {};
    const { context, online, call, heard, stores } = stage({
      rules: { maxCallsPerUser: 2 },
      calls: (store) =>
        overriding(store, {
          async commit(commit) {
            const first = beforeCommit;
            beforeCommit = async () => {};
            await first();
            return store.commit(commit);
          },
        }),
    });
    await online(laptop, phone, pager);
    await placeCall(context, call());
    await online(tv);
    heard();
    beforeCommit = async () => {
      const dialled = call({ callId: 'c2', device: tv, from: bob, to: carol.id });
      expect(await placeCall(context, dialled)).toEqual({ ok: true });
    };
    await ringLate(context, { device: tv });
    expect(heard()).toEqual(['c2 placed', 'pager: rings']);
    expect(await stores.calls.get('c1')).toMatchObject({ rung: [{ device: phone }] });
  });
});

describe('a device that was lost and returns', () => {
  test('[LOSS-3] gets its place in its call back', async () => {
    const { context, accept, heard } = await ringing();
    await accept(phone);
    heard();
    await takeFromCalls(context, phone, 'lose');
    await returnToCalls(context, { device: phone, legacy: true });
    await ringLate(context, { device: phone });
    expect(heard()).toEqual(['laptop: peer_reconnecting', 'laptop: peer_reconnected']);
  });

  test('[LOSS-8] is rung again while its call rings', async () => {
    const { context, clock, heard, stores } = await ringing();
    await takeFromCalls(context, phone, 'lose');
    await clock.advance(1_000);
    await returnToCalls(context, { device: phone, legacy: true });
    await ringLate(context, { device: phone });
    expect(heard()).toEqual(['phone: rings']);
    expect(await stores.calls.get('c1')).toMatchObject({ rung: [{ link: { state: 'kept' } }, { device: tablet }] });
  });

  test('[LOSS-3] keeps its place also where it is rung for a second call while it is in the first', async () => {
    const { context, accept, online, call, stores } = await ringing(2);
    await online(pager);
    await placeCall(context, call({ callId: 'c2', device: pager, from: carol }));
    await accept(phone);
    await takeFromCalls(context, phone, 'lose');
    await returnToCalls(context, { device: phone, legacy: true });
    await ringLate(context, { device: phone });
    const second = await stores.calls.get('c2');
    const links = second?.status === 'ringing' ? second.rung.map(({ link }) => link.state) : [];
    expect(links).not.toContain('lost');
  });
});
