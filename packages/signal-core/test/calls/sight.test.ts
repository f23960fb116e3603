import { describe, expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import { restoreCall } from '../../src/calls/restore-call.ts';
import { findInScope } from '../../src/calls/scope.ts';
import type { RestoreClaim } from '../../src/domain/restore-call.ts';
import type { SeeHook } from '../../src/hooks.ts';
import { alice, bob, carol, laptop, pager, phone } from '../domain/cast.ts';
import { stage } from './stage.ts';

/** Alice sees nobody called so. */
const hiddenFromAlice =
  (...ids: string[]): SeeHook =>
  (viewer, other) =>
    viewer.id !== alice.id || !ids.includes(other.id);

const OFFLINE = { ok: false, code: 'user_offline' };
const BUSY = { ok: false, code: 'busy' };

describe('a call to somebody whom the caller may not see', () => {
  test('[SEE-2] rings nobody, and no hook is asked to fetch them', async () => {
    const asked: string[] = [];
    const hooks = { canSee: hiddenFromAlice(bob.id, carol.id), onUnreachable: () => asked.push('asked') > 0 };
    const { context, online, call, heard } = stage({ hooks });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual(OFFLINE);
    expect(await placeCall(context, call({ to: carol.id }))).toEqual(OFFLINE);
    expect([heard(), asked]).toEqual([[], []]);
  });

  test('[SEE-2] is not refused for what they are doing: neither busy nor glare tells of them', async () => {
    const hooks = { canSee: hiddenFromAlice(bob.id) };
    const { context, online, call, heard } = stage({ hooks, rules: { maxCallsPerUser: 2 } });
    await online(laptop, phone, pager);
    const ofBob = { device: phone, from: bob };
    await placeCall(context, call({ ...ofBob, callId: 'to carol', to: carol.id }));
    expect(await placeCall(context, call())).toEqual(OFFLINE);
    // they may see the caller, and so ring
    expect(await placeCall(context, call({ ...ofBob, callId: 'to alice', to: alice.id }))).toEqual({ ok: true });
    heard();
    expect(await placeCall(context, call())).toEqual(OFFLINE);
    expect(heard()).toEqual([]);
  });

  test('[SEE-2] [CALL-9] is `busy` for a caller whom they ring, as any call is', async () => {
    const hooks = { canSee: hiddenFromAlice(bob.id) };
    const { context, online, call } = stage({ hooks, rules: { maxCallsPerUser: 1 } });
    await online(laptop, phone);
    await placeCall(context, call({ device: phone, from: bob, callId: 'to alice', to: alice.id }));
    for (const to of [bob.id, 'nobody']) expect(await placeCall(context, call({ to }))).toEqual(BUSY);
  });

  test('[SEE-2] [CALL-22] is as uncertain as one to nobody where the host cannot tell the scope', async () => {
    const asked: object[] = [];
    const hooks = {
      canSee: hiddenFromAlice(bob.id),
      scopeOf(user: object) {
        asked.push(user);
        if (!('username' in user)) throw new Error('nobody of that name');
        return '';
      },
    };
    const { context, online, call } = stage({ hooks });
    await online(laptop, phone);
    const uncertain = { ok: false, code: 'unavailable' };
    expect(await placeCall(context, call())).toEqual(uncertain);
    expect(await placeCall(context, call({ to: 'nobody' }))).toEqual(uncertain);
    expect(asked).toEqual([{ id: bob.id }, { id: 'nobody' }]);
  });

  test('[SEE-2] is about who calls: whom the callee may not see may still call', async () => {
    const asked: object[] = [];
    const canSee: SeeHook = (viewer, other) => {
      asked.push([viewer, other]);
      return viewer.id === alice.id;
    };
    const { context, online, call, heard } = stage({ hooks: { canSee } });
    await online(laptop, phone);
    expect(await placeCall(context, call())).toEqual({ ok: true });
    expect(heard()).toEqual(['c1 placed', 'phone: rings']);
    expect(asked).toEqual([[alice, bob]]);
  });
});

describe('a claim to restore a call', () => {
  const ofAlice: RestoreClaim = {
    callId: 'c1',
    device: laptop,
    user: alice,
    peer: bob.id,
    role: 'caller',
    callType: 'video',
    scope: '',
  };
  const ofBob: RestoreClaim = { ...ofAlice, device: phone, user: bob, peer: alice.id, role: 'callee' };
  const WAITING = { ok: true, status: 'waiting' };

  test.each(['caller first', 'callee first'])(
    '[SEE-2] with somebody whom the caller may not see waits, %s',
    async (who) => {
      const asked: string[] = [];
      const hooks = { canSee: hiddenFromAlice(bob.id), authorizeCall: () => asked.push('asked') > 0 };
      const { context, online, heard } = stage({ hooks });
      await online(laptop, phone);
      for (const claim of who === 'caller first' ? [ofAlice, ofBob] : [ofBob, ofAlice]) {
        expect(await restoreCall(context, claim)).toEqual(WAITING);
      }
      expect([heard(), asked]).toEqual([[], []]);
    },
  );

  test('[SEE-2] is about who called: the callee need not see the caller', async () => {
    const { context, online } = stage({ hooks: { canSee: (viewer) => viewer.id === alice.id } });
    await online(laptop, phone);
    await restoreCall(context, ofAlice);
    expect(await restoreCall(context, ofBob)).toEqual({ ok: true, status: 'active' });
  });
});

describe('a user who is offline', () => {
  const remembered = { id: carol.id, username: carol.username, scope: 'red' };

  test('[AUTH-14] is in the scope that credentials gave, whatever the host says', async () => {
    const { context, clock } = stage({ hooks: { scopeOf: () => 'blue' } });
    const by = { from: alice, at: clock.now() };
    expect(await findInScope(context, remembered, { ...by, scope: 'red' })).toMatchObject({ isInScope: true });
    expect(await findInScope(context, remembered, { ...by, scope: 'blue' })).toMatchObject({ isInScope: false });
    expect(await findInScope(context, carol, { ...by, scope: 'blue' })).toMatchObject({ isInScope: true });
  });

  test('[AUTH-14] [CALL-12] is fetched for a caller of that scope, and for no other', async () => {
    const asked: string[] = [];
    const hooks = { onUnreachable: () => asked.push('asked') > 0 };
    const { context, online, call, stores, clock } = stage({ hooks });
    await online(laptop);
    await stores.users.remember(remembered, clock.now());
    expect(await placeCall(context, call({ to: carol.id, scope: '' }))).toEqual(OFFLINE);
    expect(asked).toEqual([]);
    expect(await placeCall(context, call({ to: carol.id, scope: 'red' }))).toEqual({ ok: true });
    expect(asked).toEqual(['asked']);
  });
});
