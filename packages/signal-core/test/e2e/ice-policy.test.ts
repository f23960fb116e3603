import { describe, expect, test } from 'vitest';
import { CANDIDATES } from '../corpus/candidates.ts';
import { DESCRIPTIONS } from '../corpus/descriptions.ts';
import { callTo } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';
import { BATCHING, MODERN, trickled } from './talk-steps.ts';

const [, , offer, , , , , , , answer] = DESCRIPTIONS;
const OFFER = { type: 'offer', sdp: offer?.sdp ?? '' };
const ANSWER = { type: 'answer', sdp: answer?.sdp ?? '' };
// one that names a fragment of no description would be stale (ICE-5)
const candidates = CANDIDATES.map(({ candidate }) => ({ ...candidate, usernameFragment: null }));
const passing = CANDIDATES.filter(({ relay }) => relay).length;
const OK = { ok: true };

/** Every address in a text but the relays' and nobody's. */
function addressesIn(value: unknown): string[] {
  const all = JSON.stringify(value).match(/\d+(?:\.\d+){3}|[\da-f]*(?::[\da-f]*){2,}|[\w-]+\.local/gi) ?? [];
  const isFingerprint = (text: string) => text.split(':').length > 8;
  return all.filter((text) => !isFingerprint(text) && !['0.0.0.0', '::', '9.9.9.9', '2620:fe::9'].includes(text));
}

describe.each(TRANSPORTS)('[TURN-4] with relay-only over %s', (transport) => {
  const relayOnly = { icePolicy: 'relay-only', limits: 'off' } as const;

  test('[TURN-4] no address of a party comes through a call, from either end', async () => {
    const { join } = await stage(transport, relayOnly);
    const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
    const { callId } = Object(await alice.ask('call_user', callTo(alice, bob, { offer: OFFER })));
    expect(await alice.ask('ice_candidates', { callId, candidates })).toEqual(OK);
    const rung = await bob.next('incoming_call');
    expect(rung.offer.sdp).toContain('m=video 9');
    expect(addressesIn(rung)).toEqual([]);
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual(OK);
    expect(addressesIn(await alice.next('call_accepted'))).toEqual([]);

    for (const candidate of candidates) {
      expect(await bob.ask('ice_candidate', { to: alice.id, callId, candidate })).toEqual(OK);
    }
    for (const heard of [await trickled(bob, alice), await trickled(alice, bob)]) {
      expect(heard).toHaveLength(passing);
      expect(addressesIn(heard)).toEqual([]);
    }
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      for (const description of [OFFER, ANSWER, { ...ANSWER, type: 'pranswer' }, { type: 'rollback' }]) {
        expect(await from.ask('session_description', { callId, description })).toEqual(OK);
        const heard = await to.next('session_description');
        expect(heard.description.type).toBe(description.type);
        expect(addressesIn(heard)).toEqual([]);
      }
    }
  });

  test('[TURN-4] nor in what was held: early candidates, a late ring, a legacy device', async () => {
    const { join } = await stage(transport, relayOnly);
    const [alice, bob] = [await join('alice'), await join('bob')];
    for (const candidate of candidates) alice.send('ice_candidate', { to: bob.id, candidate });
    alice.send('call_user', callTo(alice, bob, { offer: OFFER }));
    const late = await join('bob', MODERN);
    const { callId, ...rung } = await late.next('incoming_call');
    expect(addressesIn([rung, await trickled(late, alice)])).toEqual([]);
    bob.send('accept_call', { callId, answer: ANSWER });
    const heard = await trickled(bob, alice);
    expect(heard).toHaveLength(passing);
    expect(addressesIn([heard, alice.log, bob.log, late.log])).toEqual([]);
  });

  test('[TURN-4] clients are told to gather relay candidates only, and not with `all`', async () => {
    for (const [options, policy] of [
      [relayOnly, 'relay'],
      [{}, undefined],
    ] as const) {
      const { connect, login } = await stage(transport, options);
      const user = await login('alice');
      expect((await (await connect('alice')).join(user)).iceTransportPolicy).toBe(policy);
    }
  });

  test('[ERR-8] with `all`, what browsers write comes through as it was written', async () => {
    const { join } = await stage(transport, { limits: 'off' });
    const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
    const { callId } = Object(await alice.ask('call_user', callTo(alice, bob, { offer: OFFER })));
    await bob.ask('accept_call', { callId, answer: ANSWER });
    expect((await bob.next('incoming_call')).offer).toEqual(OFFER);
    expect((await alice.next('call_accepted')).answer).toEqual(ANSWER);
    for (const { type, sdp } of DESCRIPTIONS) {
      const description = { type, sdp };
      expect(await alice.ask('session_description', { callId, description })).toEqual(OK);
      expect((await bob.next('session_description')).description).toEqual(description);
    }
    expect(await alice.ask('ice_candidates', { callId, candidates })).toEqual(OK);
    expect(await trickled(bob, alice)).toEqual(candidates);
  });
});
