import { describe, expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { findInScope } from '../../src/calls/scope.ts';
import type { CallRequest, ScopeHook } from '../../src/hooks.ts';
import { ANSWER, alice, bob, carol, laptop, pager, phone } from '../domain/cast.ts';
import { type Stage, stage } from './stage.ts';

/** Only Carol and her friend are out of `''`. */
const carolApart: ScopeHook = ({ id }) => (id === carol.id || id === 'friend' ? 'elsewhere' : '');

/** The device is in another scope, or was lost. */
async function change({ stores }: Stage, device: typeof phone, to: { scope?: string; lostAt?: number }) {
  const [session] = await stores.presence.sessionsOf(device === phone ? bob.id : carol.id);
  if (session === undefined) throw new Error(`${device} is not there`);
  await stores.presence.swap({ device, session: { ...session, ...to } }, session.socketId);
}

describe('a user', () => {
  test('[PRES-11] who is online is in the scopes of the devices that are, whatever the host says now', async () => {
    const world = stage({ hooks: { scopeOf: () => 'changed' } });
    await world.online(phone);
    const at = world.clock.now();
    const sessions = await world.stores.presence.sessionsOf(bob.id);
    expect(await findInScope(world.context, bob, { from: alice, scope: '', at })).toEqual({
      isInScope: true,
      sessions,
    });
    expect(await findInScope(world.context, bob, { from: alice, scope: 'changed', at })).toEqual({
      isInScope: false,
      sessions: [],
    });
    await change(world, phone, { lostAt: at });
    expect(await findInScope(world.context, bob, { from: alice, scope: '', at: at + 4_999 })).toMatchObject({
      isInScope: true,
    });
    expect(await findInScope(world.context, bob, { from: alice, scope: '', at: at + 5_000 })).toMatchObject({
      isInScope: false,
    });
  });

  test('[PRES-11] who is offline is where the host says, who is told the name if it is known', async () => {
    const asked: object[] = [];
    const world = stage({ hooks: { scopeOf: (user) => (asked.push(user) > 1 ? '' : 'elsewhere') } });
    await world.stores.users.remember(carol, 0);
    expect(await placeCall(world.context, world.call({ to: 'nobody' }))).toMatchObject({ code: 'user_offline' });
    expect(await placeCall(world.context, world.call({ to: carol.id }))).toMatchObject({ code: 'user_offline' });
    expect(asked).toEqual([{ id: 'nobody' }, carol]);
  });
});

describe('a call to another scope', () => {
  test('[PRES-11] [CALL-14] is judged as one to nobody: the host may forbid it, a busy callee is not told of', async () => {
    const allowed: CallRequest[] = [];
    const pushed: CallRequest[] = [];
    const hooks = {
      scopeOf: carolApart,
      authorizeCall: (request: CallRequest) => allowed.push(request) < 3,
      onUnreachable: (request: CallRequest) => pushed.push(request) > 0,
    };
    const world = stage({ hooks });
    const { context, online, call, heard, stores } = world;
    await online(laptop, phone, pager);
    await change(world, pager, { scope: 'elsewhere' });
    const hers = call({ callId: 'hers', device: pager, to: 'friend', scope: 'elsewhere' });
    expect(await placeCall(context, hers)).toEqual({ ok: true });
    heard();
    expect(await placeCall(context, call({ to: carol.id }))).toEqual({ ok: false, code: 'user_offline' });
    expect(await placeCall(context, call({ to: carol.id }))).toEqual({ ok: false, code: 'forbidden' });
    expect(heard()).toEqual([]);
    expect(await stores.calls.get('c1')).toBeUndefined();
    expect(allowed.map(({ to }) => to.id)).toEqual(['friend', carol.id, carol.id]);
    expect(pushed.map(({ to }) => to.id)).toEqual(['friend']);
  });

  test('[PRES-11] [CALL-9] is refused `busy` to a caller who is', async () => {
    const { context, online, call, clock } = stage({ hooks: { scopeOf: carolApart }, rules: { maxCallsPerUser: 1 } });
    await online(laptop, phone);
    await placeCall(context, call());
    await applyCommand(context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: clock.now() });
    for (const to of [carol.id, 'nobody']) {
      expect(await placeCall(context, call({ callId: `to ${to}`, to }))).toEqual({ ok: false, code: 'busy' });
    }
  });

  test('[PRES-11] [CALL-14] ends the call before, like every refused one', async () => {
    const { context, online, call, heard } = stage({ hooks: { scopeOf: carolApart } });
    await online(laptop, phone);
    await placeCall(context, call());
    heard();
    await placeCall(context, call({ callId: 'c2', to: carol.id }));
    expect(heard()).toEqual(['phone: ended, replaced by alice', 'c1 over']);
  });

  test('[PRES-11] [CALL-22] is `unavailable` when the host cannot tell, and ends the call before as well', async () => {
    const scopeOf: ScopeHook = () => {
      throw new Error('no database');
    };
    const { context, online, call, heard, logged } = stage({ hooks: { scopeOf } });
    await online(laptop, phone);
    await placeCall(context, call());
    heard();
    expect(await placeCall(context, call({ callId: 'c2', to: carol.id }))).toEqual({ ok: false, code: 'unavailable' });
    expect(heard()).toEqual(['phone: ended, replaced by alice', 'c1 over']);
    expect(logged).toEqual([{ level: 'error', message: 'a hook of the host failed' }]);
  });
});
