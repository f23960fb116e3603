import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, talk } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { CALLEE_UFRAG, CALLER_UFRAG, candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

const FULL = process.env.TEST_SCALE === 'full';

const trickle = (from: LegacyClient, to: { id: string }, ...list: unknown[]) => {
  for (const one of list) from.send('ice_candidate', { to: to.id, candidate: one });
};

/** The candidates that have arrived, once everything under way is there. */
async function arrived(at: LegacyClient, ...after: LegacyClient[]) {
  for (const client of [...after, at]) await client.settle();
  return at.take('ice_candidate').map((got) => got.candidate);
}

describe.each(TRANSPORTS)('candidates over %s', (transport) => {
  test('[ICE-1] in an active call they reach the peer’s device, and nobody else', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    const callId = await talk(alice, bob);
    const tab = await join('bob');
    trickle(alice, bob, candidate(1));
    expect(await bob.next('ice_candidate')).toEqual({ callId, from: alice.id, candidate: candidate(1) });
    trickle(bob, alice, candidate(2));
    expect(await alice.next('ice_candidate')).toEqual({ callId, from: bob.id, candidate: candidate(2) });
    for (const outsider of [tab, carol]) await outsider.quiet('ice_candidate');
  });

  test('[ICE-1] [ERR-9] a burst arrives whole and in order', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await talk(alice, bob);
    trickle(alice, bob, ...candidates(1, 150));
    expect(await arrived(bob, alice)).toEqual(candidates(1, 150));
  });

  test('[ICE-1] with several calls to the same user callId names the one', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 2 });
    const [alice, laptop] = [await join('alice'), await join('bob')];
    const first = await talk(alice, laptop);
    const phone = await join('bob');
    const second = await talk(alice, phone);
    for (const [callId, device, n] of [
      [first, laptop, 1],
      [second, phone, 2],
    ] as const) {
      expect(await alice.ask('ice_candidate', { to: laptop.id, callId, candidate: candidate(n) })).toEqual({
        ok: true,
      });
      expect(await device.next('ice_candidate')).toEqual({ callId, from: alice.id, candidate: candidate(n) });
    }
    await laptop.quiet('ice_candidate');
    await phone.quiet('ice_candidate');
  });

  test('[ICE-1] end-of-candidates written as an empty candidate is one like the others', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await talk(alice, bob);
    trickle(alice, bob, { candidate: '', sdpMid: null, sdpMLineIndex: null }, { candidate: '' });
    expect(await arrived(bob, alice)).toEqual([
      { candidate: '', sdpMid: null, sdpMLineIndex: null },
      { candidate: '' },
    ]);
  });

  test('[ICE-2] [ICE-4] legacy behaviour 2: the caller’s candidates, from before the call on, wait for the answer', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    trickle(alice, laptop, candidate(1), candidate(2));
    const callId = await ring(alice, laptop);
    trickle(alice, laptop, candidate(3), candidate(4));
    await alice.settle();
    await laptop.quiet('ice_candidate');
    await answer(laptop, alice, callId);
    trickle(alice, laptop, candidate(5));
    expect(await arrived(laptop, alice)).toEqual(candidates(1, 5));
    await phone.quiet('ice_candidate');
  });

  test('[ICE-3] legacy behaviour 2: the callee’s candidates wait for the caller to have the answer', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    trickle(bob, alice, candidate(1), candidate(2));
    await bob.settle();
    await alice.quiet('ice_candidate');
    await answer(bob, alice, callId);
    trickle(bob, alice, candidate(3));
    await bob.settle();
    await alice.settle();
    expect(alice.order('call_accepted', 'ice_candidate')).toEqual([
      'call_accepted',
      'ice_candidate',
      'ice_candidate',
      'ice_candidate',
    ]);
    expect(alice.take('ice_candidate')).toEqual(
      candidates(1, 3).map((one) => ({ callId, from: bob.id, candidate: one })),
    );
  });

  test('[ICE-3] candidates of devices that lost are dropped', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    trickle(phone, alice, ...candidates(101, 105));
    trickle(laptop, alice, ...candidates(1, 3));
    await phone.settle();
    await answer(laptop, alice, callId);
    trickle(phone, alice, candidate(106));
    expect(await arrived(alice, phone, laptop)).toEqual(candidates(1, 3));
  });

  test('[ICE-4] candidates from before the call serve only the next call to that user, by that device', async () => {
    const { join } = await stage(transport);
    const [alice, tab, bob, carol] = [await join('alice'), await join('alice'), await join('bob'), await join('carol')];
    const callAndHangUp = async (from: LegacyClient, to: LegacyClient) => {
      const callId = await talk(from, to);
      const got = await arrived(to, from);
      await from.ask('end_call', { callId });
      return got;
    };
    trickle(alice, bob, candidate(1), candidate(2));
    await alice.settle();
    expect(await callAndHangUp(tab, bob)).toEqual([]);
    expect(await callAndHangUp(alice, carol)).toEqual([]);
    expect(await callAndHangUp(alice, bob)).toEqual([candidate(1), candidate(2)]);
    expect(await callAndHangUp(alice, bob)).toEqual([]);
  });

  test('[ICE-4] holds 64 by device and callee; one more is refused', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    trickle(alice, bob, ...candidates(1, 64));
    await alice.quiet('signal_error');
    expect(await alice.refusal('ice_candidate', { to: bob.id, candidate: candidate(65) })).toBe('rate_limited');
    await talk(alice, bob);
    expect(await arrived(bob, alice)).toEqual(candidates(1, 64));
  });

  test('[ICE-4] holds 128 by device; one more is refused', async () => {
    const { join } = await stage(transport);
    const alice = await join('alice');
    for (const callee of ['bob', 'carol']) trickle(alice, { id: callee }, ...candidates(1, 64));
    await alice.quiet('signal_error');
    trickle(alice, { id: 'dave' }, candidate(1));
    expect(await alice.next('signal_error')).toMatchObject({ event: 'ice_candidate', code: 'rate_limited' });
  });

  test.runIf(FULL)('[ICE-4] holds them for 10 s', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    trickle(alice, bob, candidate(1));
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    trickle(alice, bob, candidate(2));
    await talk(alice, bob);
    expect(await arrived(bob, alice)).toEqual([candidate(2)]);
  });

  test('[ICE-5] held candidates of an earlier session are dropped', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    trickle(alice, bob, candidate(1, 'old1'), candidate(2, CALLER_UFRAG), candidate(3));
    const callId = await ring(alice, bob);
    trickle(alice, bob, candidate(4, 'old1'), candidate(5, CALLER_UFRAG));
    trickle(bob, alice, candidate(6, CALLER_UFRAG), candidate(7, CALLEE_UFRAG), candidate(8));
    await alice.settle();
    await bob.settle();
    await answer(bob, alice, callId);
    expect(await arrived(bob, alice)).toEqual([candidate(2, CALLER_UFRAG), candidate(3), candidate(5, CALLER_UFRAG)]);
    expect(await arrived(alice, bob)).toEqual([candidate(7, CALLEE_UFRAG), candidate(8)]);
  });

  test('[ICE-5] an SDP that names no ufrag drops none', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    trickle(alice, bob, candidate(1, 'old1'));
    await talk(alice, bob, { offer: { type: 'offer', sdp: 'v=0\r\ns=-\r\n' } });
    expect(await arrived(bob, alice)).toEqual([candidate(1, 'old1')]);
  });

  test('[ICE-6] legacy behaviour 2: `candidate: null` never reaches a legacy device', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    trickle(alice, bob, candidate(1), null);
    const callId = await ring(alice, bob);
    trickle(alice, bob, null);
    trickle(bob, alice, null, candidate(2));
    await bob.settle();
    await answer(bob, alice, callId);
    trickle(alice, bob, null, candidate(3));
    trickle(bob, alice, null);
    expect(await arrived(bob, alice)).toEqual([candidate(1), candidate(3)]);
    expect(await arrived(alice, bob)).toEqual([candidate(2)]);
    await alice.quiet('signal_error');
    await bob.quiet('signal_error');
  });

  test('[ICE-6] `candidate: null` reaches a device that speaks protocol 2, in its place', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob', { protocol: 2 })];
    const callId = await ring(alice, bob);
    trickle(alice, bob, candidate(1), null);
    await alice.settle();
    await answer(bob, alice, callId);
    trickle(alice, bob, null);
    expect(await arrived(bob, alice)).toEqual([candidate(1), null, null]);
  });

  test.each(['caller', 'callee'])('[ICE-7] holds 200 of the %s; one more is refused', async (side) => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    const [from, to] = side === 'caller' ? [alice, bob] : [bob, alice];
    trickle(from, to, ...candidates(1, 200));
    await from.quiet('signal_error');
    expect(await from.refusal('ice_candidate', { to: to.id, candidate: candidate(201) })).toBe('rate_limited');
    await answer(bob, alice, callId);
    expect(await arrived(to, bob, from)).toEqual(candidates(1, 200));
  });

  test('[ICE-4] candidates to somebody who is never called are no error', async () => {
    const { join } = await stage(transport);
    const alice = await join('alice');
    const { ok } = await alice.ask('ice_candidate', { to: 'somebody', candidate: candidate(1) });
    expect(ok).toBe(true);
    expect(await alice.refusal('call_user', callTo(alice, { id: 'somebody' }))).toBe('user_offline');
  });
});
