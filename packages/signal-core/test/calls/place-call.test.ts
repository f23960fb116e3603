import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import type { CallHook, CallRequest } from '../../src/hooks.ts';
import { ANSWER, alice, bob, carol, laptop, pager, phone, tablet } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

/** A hook that remembers what it was asked. */
function hook(answer: boolean): CallHook & { asked: CallRequest[] } {
  const asked: CallRequest[] = [];
  return Object.assign(
    (request: CallRequest) => {
      asked.push(request);
      return answer;
    },
    { asked },
  );
}

describe('placing a call', () => {
  test('[CALL-1] rings every device of the callee that is online', async () => {
    const { context, online, call, heard, stores } = stage();
    await online(laptop, phone, tablet);
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(heard()).toEqual(['c1 placed', 'phone: rings', 'tablet: rings']);
    expect(await stores.calls.get('c1')).toMatchObject({ status: 'ringing', from: alice, to: bob });
  });

  test('[JOIN-2] calls the callee by the name of the last join', async () => {
    const { context, online, call, stores } = stage();
    await online(laptop, phone);
    const session = {
      device: tablet,
      user: { ...bob, username: 'Bobby' },
      socketId: 's2',
      legacy: true,
      userAgent: '',
      features: [],
      scope: '',
    };
    await stores.presence.swap({ device: tablet, session }, undefined);
    await placeCall(context, call());
    expect(await stores.calls.get('c1')).toMatchObject({ to: { id: bob.id, username: 'Bobby' } });
  });

  test('[CALL-12] a callee whose devices are all lost for longer than the presence grace is offline', async () => {
    const { context, online, call, clock, stores } = stage();
    await online(laptop, phone);
    const [session] = await stores.presence.sessionsOf(bob.id);
    if (session === undefined) throw new Error('Bob is not there');
    await stores.presence.swap({ device: phone, session: { ...session, lostAt: clock.now() } }, session.socketId);
    await clock.advance(4_999);
    expect(await placeCall(context, call())).toEqual({ ok: true });
    await clock.advance(1);
    expect(await placeCall(context, call({ callId: 'c2' }))).toEqual({ ok: false, code: 'user_offline' });
  });

  test('[CALL-8] a refused call still ends the one that it would have replaced', async () => {
    const { context, online, call, heard, stores } = stage();
    await online(laptop, phone);
    await placeCall(context, call());
    heard();
    expect(await placeCall(context, call({ callId: 'c2', to: carol.id }))).toEqual({ ok: false, code: 'user_offline' });
    expect(heard()).toEqual(['phone: ended, replaced by alice', 'c1 over']);
    expect(await stores.calls.countLive()).toBe(0);
  });

  test('[CALL-11] two users who call each other at once get one call, and the name of it', async () => {
    const { context, online, call, stores } = stage();
    await online(laptop, phone);
    const outcomes = await Promise.all([
      placeCall(context, call({ callId: 'to-bob' })),
      placeCall(context, call({ callId: 'to-alice', device: phone, to: alice.id })),
    ]);
    expect(outcomes).toEqual([{ ok: true }, { ok: false, code: 'glare', callId: 'to-bob' }]);
    expect(await stores.calls.countLive()).toBe(1);
  });

  test('[CALL-9] of two users who call a third at once one gets through', async () => {
    const { context, online, call } = stage();
    await online(laptop, pager, phone);
    const outcomes = await Promise.all([
      placeCall(context, call({ callId: 'from-alice' })),
      placeCall(context, call({ callId: 'from-carol', device: pager })),
    ]);
    expect(outcomes).toEqual([{ ok: true }, { ok: false, code: 'busy' }]);
  });

  test('[CALL-10] a device that accepts another call meanwhile is not rung', async () => {
    let beforeCommit = async () => {};
    const { context, online, call, heard, clock } = stage({
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
    await online(laptop, pager, phone, tablet);
    await placeCall(context, call());
    beforeCommit = async () => {
      await applyCommand(context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: clock.now() });
      heard();
    };
    expect(await placeCall(context, call({ callId: 'c2', device: pager }))).toEqual({ ok: true });
    expect(heard()).toEqual(['c2 placed', 'tablet: rings']);
  });
});

describe('the same call again', () => {
  test('[CALL-18] has the same result and rings nobody twice, while it lives and when it has ended', async () => {
    const { context, online, call, heard } = stage();
    await online(laptop, phone);
    await placeCall(context, call());
    heard();
    expect(await placeCall(context, call())).toEqual({ ok: true });
    await applyCommand(context, 'c1', { type: 'end', device: laptop, at: context.clock.now() });
    heard();
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(heard()).toEqual([]);
  });

  test('[CALL-18] has the same result also when it comes while the first is being decided', async () => {
    const { context, online, call, heard } = stage();
    await online(laptop, phone);
    expect(await Promise.all([placeCall(context, call()), placeCall(context, call())])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(heard()).toEqual(['c1 placed', 'phone: rings']);
  });

  test('[CALL-18] is forbidden to others', async () => {
    const { context, online, call, heard } = stage();
    await online(laptop, pager, phone);
    await placeCall(context, call());
    heard();
    expect(await placeCall(context, call({ device: pager, to: alice.id }))).toEqual({ ok: false, code: 'forbidden' });
    expect(heard()).toEqual([]);
  });
});

describe('the host', () => {
  test('[CALL-13] is asked who calls whom, by id and name, and may refuse', async () => {
    const authorizeCall = hook(false);
    const { context, online, call, stores } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual({ ok: false, code: 'forbidden' });
    expect(await placeCall(context, call({ to: 'unknown' }))).toEqual({ ok: false, code: 'forbidden' });
    expect(authorizeCall.asked).toEqual([
      { callId: 'c1', from: alice, to: bob, callType: 'video' },
      { callId: 'c1', from: alice, to: { id: 'unknown' }, callType: 'video' },
    ]);
    expect(await stores.calls.get('c1')).toBeUndefined();
  });

  test('[CALL-13] may add to what it was told, and the call is as it was', async () => {
    const authorizeCall: CallHook = ({ from, to }) =>
      [from, to].every((user) => Object.assign(user, { email: 'x@y.z' }));
    const { context, online, call, stores } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone);
    expect(await placeCall(context, call({ from: { ...alice } }))).toEqual({ ok: true });
    const placed = await stores.calls.get('c1');
    expect([placed?.from, placed?.to]).toEqual([alice, bob]);
  });

  test('[CALL-13] lets a call ring that it allows', async () => {
    const { context, online, call } = stage({ hooks: { authorizeCall: hook(true) } });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual({ ok: true });
  });

  test('[CALL-14] is not asked about a call that is known, or to oneself', async () => {
    const authorizeCall = hook(true);
    const { context, online, call } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone);
    await placeCall(context, call());
    authorizeCall.asked.length = 0;
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(await placeCall(context, call({ callId: 'c2', to: alice.id }))).toEqual({ ok: false, code: 'forbidden' });
    expect(authorizeCall.asked).toEqual([]);
  });

  test('[CALL-14] is asked while the call before rings on, which ends when it refuses', async () => {
    const authorizeCall: CallHook = ({ to }) => to.id === bob.id;
    const { context, online, call, heard, stores } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone, pager);
    await placeCall(context, call());
    heard();
    expect(await placeCall(context, call({ callId: 'c2', to: carol.id }))).toEqual({ ok: false, code: 'forbidden' });
    expect(heard()).not.toEqual([]);
    expect(await stores.calls.get('c1')).toMatchObject({ status: 'ended', reason: 'replaced' });
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no database'))],
    [
      'throws at once',
      () => {
        throw new Error('no database');
      },
    ],
    ['answers what is no boolean', () => 'yes' as unknown as boolean],
  ])('[CALL-22] refuses nothing but the call when it %s', async (how, authorizeCall: CallHook) => {
    const { context, online, call, logged } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone);
    const code = how.startsWith('throws') ? 'unavailable' : 'forbidden';
    expect(await placeCall(context, call())).toEqual({ ok: false, code });
    expect(logged).toEqual(code === 'unavailable' ? [{ level: 'error', message: 'a hook of the host failed' }] : []);
  });

  test('[CALL-22] refuses the call when it does not answer in 2 s', async () => {
    const { context, online, call, clock } = stage({ hooks: { authorizeCall: () => new Promise(() => {}) } });
    await online(laptop, phone);
    const outcome = placeCall(context, call());
    await clock.advance(2_000);
    expect(await outcome).toEqual({ ok: false, code: 'unavailable' });
  });

  test('[CALL-12] is asked whether to ring on when nobody is there', async () => {
    const onUnreachable = hook(true);
    const { context, online, call, heard } = stage({ hooks: { onUnreachable } });
    await online(laptop);
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(onUnreachable.asked).toEqual([{ callId: 'c1', from: alice, to: { id: bob.id }, callType: 'video' }]);
    expect(heard()).toEqual(['c1 placed']);
  });

  test('[CALL-12] may leave an offline callee offline', async () => {
    const { context, online, call } = stage({ hooks: { onUnreachable: hook(false) } });
    await online(laptop);
    expect(await placeCall(context, call())).toEqual({ ok: false, code: 'user_offline' });
  });

  test('[CALL-12] is not asked about a callee who is there, or busy', async () => {
    const onUnreachable = hook(true);
    const { context, online, call } = stage({ hooks: { onUnreachable } });
    await online(laptop, phone, pager);
    await placeCall(context, call());
    expect(await placeCall(context, call({ callId: 'c2', device: pager }))).toEqual({ ok: false, code: 'busy' });
    expect(onUnreachable.asked).toEqual([]);
  });

  test('[CALL-22] makes a call to nobody ring only when it says so in time', async () => {
    const { context, online, call, stores } = stage({
      hooks: { onUnreachable: () => Promise.reject(new Error('no push')) },
    });
    await online(laptop);
    expect(await placeCall(context, call())).toMatchObject({ ok: false });
    expect(await stores.calls.countLive()).toBe(0);
  });
});

describe('a race', () => {
  test('[STORE-3] that was lost is decided anew', async () => {
    let losses = 3;
    const { context, online, call, heard } = stage({
      calls: (store) => overriding(store, { commit: async (commit) => losses-- <= 0 && store.commit(commit) }),
    });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(heard()).toEqual(['c1 placed', 'phone: rings']);
  });

  test('[HOST-11] that is lost for good has no effect', async () => {
    const { context, online, call, heard } = stage({
      calls: (store) => overriding(store, { commit: async () => false }),
    });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual({ ok: false, code: 'unavailable' });
    expect(heard()).toEqual([]);
  });
});

test('[CALL-4] a call that is answered has room for nobody else', async () => {
  const { context, online, call, clock } = stage();
  await online(laptop, phone, pager);
  await placeCall(context, call());
  await applyCommand(context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: clock.now() });
  expect(await placeCall(context, call({ callId: 'c2', device: pager }))).toEqual({ ok: false, code: 'busy' });
});
