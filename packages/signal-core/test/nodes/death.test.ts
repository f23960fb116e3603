import type { Stores } from 'signal-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { connect } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** Until a node that says nothing any more is declared dead, with a beat of the others to spare, in milliseconds. */
const DECLARED_MS = 8_000;
const PHONE = { deviceId: 'phone', protocol: 2, features: ['resume'] };

/** Three nodes whose beats have had no gap for long enough; the last one can stand still, and so can the stores. */
async function startThree({ hasOwnSwaps = false, joinTimeoutMs = 10_000 } = {}) {
  const last = new Standstill();
  const stores = new Standstill();
  const swaps = new Standstill();
  const claims: boolean[] = [];
  const lost: string[] = [];
  const stage = await startNodes({
    count: 3,
    joinTimeoutMs,
    before(shared, node) {
      if (node === 0) {
        shared.presence.subscribe(({ device, session }) => session?.lostAt !== undefined && lost.push(device));
      }
      const counted = countingClaims(shared, claims);
      const behind = stores.before(counted);
      if (node < 2) return behind;
      return hasOwnSwaps ? swapping(last.before(behind), behind, swaps) : last.before(behind);
    },
  });
  onTestFinished(() => {
    for (const standstill of [last, stores, swaps]) standstill.open();
  });
  await stage.clock.advance(DECLARED_MS);
  return { ...stage, last, stores, swaps, claims, lost };
}

/** Who speaks for a device is written by a way of its own, past whatever else stands still. */
function swapping(stores: Stores, { presence }: Stores, swaps: Standstill): Stores {
  const { sessionsOf, subscribe } = stores.presence;
  return {
    ...stores,
    presence: {
      sessionsOf,
      subscribe,
      swap: (change, expected) => swaps.passed().then(() => presence.swap(change, expected)),
    },
  };
}

function countingClaims(stores: Stores, claims: boolean[]): Stores {
  const { nodes } = stores;
  if (nodes === undefined) throw new Error('these stores are of one node');
  const { leases } = nodes;
  return {
    ...stores,
    nodes: {
      ...nodes,
      leases: {
        beat: (self) => leases.beat(self),
        async claim(dead, self) {
          const passing = await leases.claim(dead, self);
          claims.push(passing !== undefined);
          return passing;
        },
        buried: (dead) => leases.buried(dead),
        leave: (self) => leases.leave(self),
        takeTurn: (ms) => leases.takeTurn(ms),
      },
    },
  };
}

describe('a node that says nothing any more', () => {
  test('[NODE-6] is declared dead after 6 s: peers wait for its devices, which come back at others to their calls', async () => {
    const { clock, join, last, settle, claims, lost, ...stage } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob', PHONE)];
    const callId = await talk(alice, bob);
    last.shut();
    await bob.cutWire();
    await clock.advance(5_900);
    await alice.quiet('call_status');
    await clock.advance(2_100);
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
    expect(lost).toEqual(['bob/phone']);
    const back = await connect({ clock, join, settle, ...stage }, 1, 'bob');
    const success = await back.join({ id: 'bob', username: 'bob', ...PHONE, resume: [{ callId, lastSeq: 0 }] });
    expect(success).toMatchObject({ calls: [{ callId, here: true }], resumed: [{ callId, recovered: false }] });
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnected' });
    await stillTalking(alice, back, callId);
    await clock.advance(30_000);
    await settle(alice, back);
    await alice.quiet('call_ended', 'call_status');
    expect(claims.filter((isMine) => isMine)).toHaveLength(1);
  });

  test('[NODE-6] is declared dead: the calls of devices that do not come back end, and so does their presence', async () => {
    const { clock, nodes, join, last } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob')];
    const callId = await talk(alice, bob);
    const carol = await join(2, 'carol');
    last.shut();
    await Promise.all([bob.cutWire(), carol.cutWire()]);
    await clock.advance(DECLARED_MS + 5_500);
    const online = await nodes[1]?.signaling.onlineUsers();
    expect(online?.map(({ id }) => id)).toEqual(['alice']);
    await clock.advance(10_000);
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeCalls: 0, activeUsers: 1 });
  });

  test('[NODE-6] is buried by one of those that live, whatever each of its devices was doing', async () => {
    const { clock, nodes, join, last, claims, lost } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob')];
    const callId = await ring(alice, bob);
    const others = await Promise.all(Array.from({ length: 120 }, (_, n) => join(2, `user-${n}`)));
    last.shut();
    await Promise.all([bob, ...others].map((client) => client.cutWire()));
    await clock.advance(2 * DECLARED_MS);
    expect(claims.filter((isMine) => isMine)).toHaveLength(1);
    expect(lost).toHaveLength(121);
    expect(new Set(lost).size).toBe(121);
    await clock.advance(20_000);
    expect(await alice.next('call_ended')).toMatchObject({ callId });
    expect(await nodes[1]?.signaling.stats()).toMatchObject({ activeUsers: 1, activeCalls: 0 });
  });

  test('[NODE-7] and then lives after all takes another name, and no call ends', async () => {
    const { clock, nodes, join, last, settle, ...stage } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob', PHONE)];
    const callId = await talk(alice, bob);
    last.shut();
    await clock.advance(10_000);
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
    last.open();
    await clock.advance(2_000);
    if (bob.socket.connected) await bob.next('disconnect');
    const back = await connect({ clock, nodes, join, settle, ...stage }, 2, 'bob');
    await back.join({ id: 'bob', username: 'bob', ...PHONE, resume: [{ callId, lastSeq: 0 }] });
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnected' });
    await stillTalking(alice, back, callId);
    await clock.advance(40_000);
    await settle(alice, back);
    await alice.quiet('call_ended', 'call_status');
    await back.quiet('call_ended', 'session_replaced');
    expect(await nodes[1]?.signaling.stats()).toMatchObject({ activeUsers: 2, activeCalls: 1 });
  });

  test('[NODE-7] and then lives after all gives up nobody who has come back at another meanwhile', async () => {
    const { clock, nodes, join, last, settle, ...stage } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob', PHONE)];
    const callId = await talk(alice, bob);
    last.shut();
    await clock.advance(DECLARED_MS);
    const back = await connect({ clock, nodes, join, settle, ...stage }, 1, 'bob');
    await back.join({ id: 'bob', username: 'bob', ...PHONE, resume: [{ callId, lastSeq: 0 }] });
    last.open();
    await clock.advance(60_000);
    await settle(alice, back);
    await stillTalking(alice, back, callId);
    await alice.quiet('call_ended');
    await back.quiet('call_ended', 'session_replaced');
    expect(await nodes[2]?.signaling.stats()).toMatchObject({ activeUsers: 2, activeCalls: 1 });
  });

  test('[NODE-7] and then lives after all leaves nothing behind under its former name', async () => {
    const { clock, nodes, join, last, swaps, ...stage } = await startThree({
      hasOwnSwaps: true,
      joinTimeoutMs: 60_000,
    });
    await join(0, 'alice');
    swaps.shut();
    const bob = await connect({ clock, nodes, join, ...stage }, 2, 'bob');
    bob.send('join', { id: 'bob', username: 'bob', ...PHONE });
    const carol = await join(0, 'carol');
    await carol.settle();
    last.shut();
    await clock.advance(2 * DECLARED_MS);
    swaps.open();
    last.open();
    await clock.advance(60_000);
    expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeUsers: 2 });
    expect(await nodes[2]?.signaling.stats()).toMatchObject({ activeUsers: 2, connections: 0 });
  });

  test.each([3_000, 5_000])('[NODE-6] for %i ms is nothing that anybody notices', async (ms) => {
    const { clock, join, last, settle, lost } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob', PHONE)];
    const callId = await talk(alice, bob);
    last.shut();
    await clock.advance(ms);
    last.open();
    await clock.advance(20_000);
    await settle(alice, bob);
    await stillTalking(alice, bob, callId);
    await alice.quiet('call_ended', 'call_status');
    expect(lost).toEqual([]);
  });
});

describe('stores that stand still', () => {
  test.each([5_000, 10_000])('[NODE-6] for %i ms make nobody a corpse', async (ms) => {
    const { clock, join, stores, settle, claims, lost } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob', PHONE)];
    const callId = await talk(alice, bob);
    stores.shut();
    await clock.advance(ms);
    stores.open();
    await clock.advance(20_000);
    await settle(alice, bob);
    await stillTalking(alice, bob, callId);
    await alice.quiet('call_ended', 'call_status');
    expect(claims.filter((isMine) => isMine)).toEqual([]);
    expect(lost).toEqual([]);
  });
});

describe('one of several nodes that closes', () => {
  test('[NODE-11] ends no call: its devices are taken over at once, and come back elsewhere', async () => {
    const { clock, nodes, join, settle, ...stage } = await startThree();
    const [alice, bob, carol] = [await join(0, 'alice'), await join(2, 'bob', PHONE), await join(2, 'carol', PHONE)];
    const callId = await talk(alice, bob);
    const dave = await join(1, 'dave');
    const ringing = await ring(carol, dave);
    const closing = nodes[2]?.signaling.close();
    expect(await bob.next('server_draining')).toEqual({ reconnectAfterMs: 1_000 });
    await closing;
    await clock.advance(2_000);
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
    expect(await dave.next('call_status')).toEqual({ callId: ringing, status: 'peer_reconnecting' });
    const back = [];
    for (const name of ['bob', 'carol']) {
      const client = await connect({ clock, nodes, join, settle, ...stage }, 1, name);
      await client.join({ id: name, username: name, ...PHONE });
      back.push(client);
    }
    const [bobAgain, carolAgain] = back;
    if (bobAgain === undefined || carolAgain === undefined) throw new Error('nobody is back');
    await stillTalking(alice, bobAgain, callId);
    await answer(dave, carolAgain, ringing);
    await clock.advance(30_000);
    await settle(alice, dave, ...back);
    for (const client of [alice, dave, ...back]) await client.quiet('call_ended');
    expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeUsers: 4, activeCalls: 2 });
  });

  test('[NODE-11] places no call from the beginning of that on', async () => {
    const { clock, nodes, join } = await startThree();
    const [alice, bob] = [await join(0, 'alice'), await join(2, 'bob')];
    const closing = nodes[2]?.signaling.close({ waitMs: 1_000 });
    expect(
      await bob.refusal('call_user', { to: 'alice', callType: 'video', offer: { type: 'offer', sdp: 'v=0' } }),
    ).toBe('server_draining');
    await alice.quiet('incoming_call');
    await clock.advance(1_000);
    await closing;
  });
});
