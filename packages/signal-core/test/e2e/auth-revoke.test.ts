import { type CallStore, createMemoryStores, type RevokeTarget, type Stores } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { overriding, withCalls } from '../stores/overriding.ts';
import { guarded, pass } from './auth-steps.ts';
import { ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { told } from './loss-steps.ts';
import { stage } from './stage.ts';

type Fault = Partial<CallStore>;

const fail = () => Promise.reject(new Error('the store is away'));

describe.each(TRANSPORTS)('credentials that are taken back, over %s', (transport) => {
  test('[AUTH-13] of a user: every device is gone for good, the call ended, and the old token refused', async () => {
    const { join, client, refused, signaling, token, clock } = await guarded(transport);
    const old = await token('ann');
    const [laptop, phone, bob] = [await join('ann'), await join('ann'), await join('bob')];
    const early = await client('ann', { auth: { token: old } }).connect();
    const callId = await talk(laptop, bob);
    expect(await signaling.revoke({ userId: 'ann' })).toBe(2);
    for (const device of [laptop, phone, early]) expect(await device.next('disconnect')).toBe('io server disconnect');
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
    expect(await signaling.onlineUsers()).toMatchObject([{ id: 'bob' }]);
    expect(await refused({ auth: { token: old } })).toMatchObject({ code: 'unauthorized' });
    const again = await client('ann').connect();
    expect(await again.refusal('join', { id: 'ann', username: 'ann', token: old })).toBe('unauthorized');
    await pass(clock, 1_000);
    await talk(await join('ann'), bob);
  });

  test('[AUTH-13] of a user until some time: what was issued later lives on', async () => {
    const { join, refused, signaling, token, clock } = await guarded(transport);
    const old = await token('ann');
    const laptop = await join('ann');
    const issuedBefore = clock.now();
    await pass(clock, 1_000, laptop);
    const [phone, bob] = [await join('ann'), await join('bob')];
    expect(await signaling.revoke({ userId: 'ann', issuedBefore })).toBe(1);
    expect(await laptop.next('disconnect')).toBe('io server disconnect');
    await stillTalking(bob, phone, await talk(bob, phone));
    expect(await refused({ auth: { token: old } })).toMatchObject({ code: 'unauthorized' });
  });

  test('[AUTH-13] by jti: only what lives by it', async () => {
    const { join, refused, signaling, token } = await guarded(transport);
    const [laptop, phone] = [await join('ann', { jti: 'laptop' }), await join('ann', { jti: 'phone' })];
    const [bob, carol] = [await join('bob'), await join('carol')];
    const callId = await talk(laptop, bob);
    expect(await signaling.revoke({ jti: 'laptop' })).toBe(1);
    expect(await laptop.next('disconnect')).toBe('io server disconnect');
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
    expect(await refused({ auth: { token: await token('ann', { jti: 'laptop' }) } })).toMatchObject({
      code: 'unauthorized',
    });
    expect(await phone.refusal('auth_refresh', { token: await token('ann', { jti: 'laptop' }) })).toBe('unauthorized');
    await stillTalking(carol, phone, await talk(carol, phone));
    expect(await signaling.revoke({ jti: 'nobody has it' })).toBe(0);
  });

  test('[AUTH-13] a rung device that is gone leaves the ringing to the others', async () => {
    const { join, signaling } = await guarded(transport);
    const [laptop, phone, bob] = [await join('ann', { jti: 'laptop' }), await join('ann'), await join('bob')];
    await ring(bob, laptop);
    await signaling.revoke({ jti: 'laptop' });
    await laptop.next('disconnect');
    await phone.next('incoming_call');
    await phone.quiet('call_ended');
    await bob.quiet('call_ended', 'call_rejected');
  });

  test('[AUTH-13] what was renewed lives by the new credentials alone', async () => {
    const { join, signaling, token } = await guarded(transport);
    const alice = await join('ann', { jti: 'old' });
    await alice.ask('auth_refresh', { token: await token('ann', { jti: 'new' }) });
    expect(await signaling.revoke({ jti: 'old' })).toBe(0);
    await alice.quiet('disconnect');
    expect(await signaling.revoke({ jti: 'new' })).toBe(1);
    await alice.next('disconnect');
  });

  test('[AUTH-13] taken back while the host still thinks: it is too late to get in', async () => {
    let answer = () => {};
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const verifyToken = async () => {
      isAsked();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return { id: 'ann', username: 'ann', jti: 'one' };
    };
    const { client, signaling } = await guarded(transport, { auth: { verifyToken } });
    const connecting = client('ann', { auth: { token: 'x' } })
      .connect()
      .catch((error: unknown) => error);
    await asked;
    await signaling.revoke({ jti: 'one' });
    answer();
    expect(await connecting).toMatchObject({ data: { code: 'unauthorized' } });
  });

  test.each<[string, RevokeTarget, Fault]>([
    ['of a user, where no line can be read', { userId: 'ann' }, { line: fail }],
    ['of a user, where nothing can be written', { userId: 'ann' }, { commit: fail }],
    ['of a user, where nothing answers', { userId: 'ann' }, { line: () => new Promise<never>(() => {}) }],
    ['by jti, where no line can be read', { jti: 'laptop' }, { line: fail }],
    ['by jti, where nothing answers', { jti: 'laptop' }, { line: () => new Promise<never>(() => {}) }],
  ])('[AUTH-13] disconnects even when a store fails, and says so: %s', async (_, target, fault) => {
    const faulty: Fault = {};
    const stores = withCalls(createMemoryStores(), (calls) =>
      overriding(calls, {
        line: (userId) => (faulty.line ?? calls.line)(userId),
        commit: (commit) => (faulty.commit ?? calls.commit)(commit),
      }),
    );
    const { join, signaling, clock } = await guarded(transport, { stores });
    const [laptop, bob] = [await join('ann', { jti: 'laptop' }), await join('bob')];
    await talk(laptop, bob);
    Object.assign(faulty, fault);
    const revoking = signaling.revoke(target).catch((error: unknown) => error);
    await clock.advance(2_000);
    expect(await laptop.next('disconnect')).toBe('io server disconnect');
    expect(await revoking).toBeInstanceOf(Error);
  });

  test('[AUTH-13] disconnects a user even when nobody knows the devices', async () => {
    const stores = createMemoryStores();
    const { presence } = stores;
    let isFailing = false;
    const faulty: Stores = {
      ...stores,
      presence: {
        subscribe: (...listeners) => presence.subscribe(...listeners),
        swap: (change, expected) => presence.swap(change, expected),
        sessionsOf: (userId) => (isFailing ? fail() : presence.sessionsOf(userId)),
      },
    };
    const { join, signaling } = await guarded(transport, { stores: faulty });
    const laptop = await join('ann');
    isFailing = true;
    await expect(signaling.revoke({ userId: 'ann' })).rejects.toThrow('the store is away');
    expect(await laptop.next('disconnect')).toBe('io server disconnect');
  });

  test('[AUTH-13] a lost device that lived by it ends its call at once', async () => {
    const { join, signaling } = await guarded(transport);
    const [laptop, phone, bob] = [await join('ann', { jti: 'laptop' }), await join('ann'), await join('bob')];
    const callId = await talk(laptop, bob);
    await laptop.drop();
    expect(await told(bob, 'peer_reconnecting')).toMatchObject({ callId });
    expect(await signaling.revoke({ jti: 'laptop' })).toBe(1);
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
    await phone.quiet('disconnect');
    expect(await signaling.revoke({ jti: 'laptop' })).toBe(0);
  });

  test('[AUTH-13] in open there is nothing to refuse: who was disconnected may come again', async () => {
    const { join, signaling } = await stage(transport);
    const alice = await join('alice');
    expect(await signaling.revoke({ userId: alice.id })).toBe(1);
    await alice.next('disconnect');
    expect(await signaling.revoke({ jti: 'any' })).toBe(0);
    await join('alice');
  });
});
