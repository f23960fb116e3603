import { describe, expect, test } from 'vitest';
import { answer, callTo, ring } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';

const NEVER = new Promise<never>(() => {});

describe.each(TRANSPORTS)('hooks of the host, calls over %s', (transport) => {
  test('[CALL-13] authorizeCall decides who may call whom', async () => {
    const { join } = await stage(transport, { authorizeCall: ({ from }) => from.username === 'alice' });
    const [alice, bob] = [await join('alice'), await join('bob')];
    expect(await bob.refusal('call_user', callTo(bob, alice))).toBe('forbidden');
    await alice.quiet('incoming_call');
    await ring(alice, bob);
  });

  test('[CALL-12] onUnreachable may keep the call ringing until a device comes online', async () => {
    const { join, login } = await stage(transport, { onUnreachable: () => true });
    const alice = await join('alice');
    const bob = await login('bob');
    const reply = await alice.ask('call_user', callTo(alice, bob));
    expect(reply).toMatchObject({ ok: true, status: 'ringing' });
    const woken = await join('bob');
    const { callId } = await woken.next('incoming_call');
    await answer(woken, alice, callId);
  });

  test('[CALL-22] a hook that throws or rejects refuses the call, and nothing more', async () => {
    const failing = (to: string) => {
      if (to === 'thrower') throw new Error('the host is broken');
      return to === 'rejecter' ? Promise.reject(new Error('still broken')) : true;
    };
    const { join, connect } = await stage(transport, { authorizeCall: ({ to }) => failing(to.id) });
    const [alice, bob] = [await join('alice'), await join('bob')];
    for (const id of ['thrower', 'rejecter']) {
      await (await connect(id)).join({ id, username: id });
      expect(await alice.refusal('call_user', callTo(alice, { id }))).toBe('unavailable');
    }
    await ring(alice, bob);
  });

  test('[CALL-22] a hook that does not answer in 2 s refuses the call; others are not held up', async () => {
    const { join } = await stage(transport, {
      authorizeCall: ({ from }) => (from.username === 'alice' ? NEVER : true),
    });
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    const since = performance.now();
    const refused = alice.refusal('call_user', callTo(alice, bob));
    await ring(carol, bob);
    expect(await refused).toBe('unavailable');
    expect(performance.now() - since).toBeGreaterThan(1_500);
  });

  test('[CALL-22] onUnreachable that fails keeps nothing ringing', async () => {
    const onUnreachable = () => Promise.reject(new Error('no push service'));
    const { join } = await stage(transport, { onUnreachable });
    const alice = await join('alice');
    const reply = await alice.ask('call_user', { to: 'nobody', callType: 'video', offer: OFFER });
    expect(reply).toMatchObject({ ok: false, error: { code: 'user_offline' } });
  });
});
