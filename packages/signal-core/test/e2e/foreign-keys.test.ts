import { describe, expect, test } from 'vitest';
import { callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { candidate } from './session-descriptions.ts';
import { stage } from './stage.ts';

/** What a deployed client may have called something of its own, long before the names meant anything. */
const FOREIGN = {
  presence: 'online',
  features: 'dark',
  presenceSince: 7,
  resume: { page: 3 },
  metadata: 'x'.repeat(2_000),
  seq: 0,
};

describe.each(TRANSPORTS)('a legacy client with keys of its own over %s', (transport) => {
  test('[ERR-7] joins, calls and trickles as if they were not there', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', FOREIGN), await join('bob', FOREIGN)];
    const callId = await ring(alice, bob, FOREIGN);
    expect(bob.log.find(({ event }) => event === 'incoming_call')?.payload).not.toHaveProperty('metadata');
    await bob.ask('accept_call', { ...FOREIGN, callId, answer: { type: 'answer', sdp: 'v=0' } });
    await alice.next('call_accepted');
    for (const seq of [2, 2, 1, 0, 'x']) {
      expect(await alice.ask('ice_candidate', { to: bob.id, candidate: candidate(1), seq })).toEqual({ ok: true });
      expect(await bob.next('ice_candidate')).toEqual({ callId, from: alice.id, candidate: candidate(1) });
    }
    await stillTalking(alice, bob, callId);
    await alice.quiet('signal_error', 'call_rejected', 'call_ended');
  });

  test('[ERR-4] from a client that knows better they are refused', async () => {
    const { join, login, connect } = await stage(transport);
    const bob = await join('bob');
    const [user, alice] = [await login('alice'), await connect('alice')];
    for (const [key, value] of Object.entries(FOREIGN)) {
      if (key === 'metadata' || key === 'seq') continue;
      expect([key, await alice.refusal('join', { ...user, protocol: 2, [key]: value })]).toEqual([
        key,
        'invalid_payload',
      ]);
    }
    await alice.join({ ...user, protocol: 2 });
    expect(await alice.refusal('call_user', callTo(alice, bob, { metadata: FOREIGN.metadata }))).toBe(
      'invalid_payload',
    );
    const callId = await talk(alice, bob);
    const wrong = { to: bob.id, callId, candidate: candidate(1), seq: 0 };
    expect(await alice.refusal('ice_candidate', wrong)).toBe('invalid_payload');
  });
});
