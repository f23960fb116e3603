import { createServer } from 'node:http';
import { SignalingServer } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { callTo, ring, talk } from './call-steps.ts';
import { expectCall, join, listening, signalingServer } from './guest-steps.ts';
import { traces } from './hosts.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';

describe.each(TRANSPORTS)('several instances, over %s', (transport) => {
  test('[HOST-5] two in one process do not know of each other', async () => {
    const [first, second] = [await stage(transport), await stage(transport)];
    const [alice, bob] = [await first.join('alice'), await second.join('bob')];
    expect(await first.signaling.stats()).toMatchObject({ activeUsers: 1 });
    expect(await alice.refusal('call_user', callTo(alice, bob))).toBe('user_offline');
    await first.close();
    await expectCall(second.url, transport);
  });

  test('[HOST-5] two on one server under different paths, closed in either order', async () => {
    for (const closeFirst of [0, 1]) {
      const server = createServer((_, res) => res.end('the host'));
      const url = await listening(server);
      const before = traces(server);
      const [one, other] = [signalingServer({ path: '/one' }), signalingServer({ path: '/other' })];
      one.attach(server);
      other.attach(server);
      const [alice, bob] = [await join(url, transport, 'alice', '/one'), await join(url, transport, 'bob', '/other')];
      expect(await alice.refusal('call_user', callTo(alice, bob))).toBe('user_offline');
      const [gone, left] = closeFirst === 0 ? [one, other] : [other, one];
      await gone.close();
      await expectCall(url, transport, closeFirst === 0 ? '/other' : '/one');
      expect(await (await fetch(`${url}/${closeFirst === 0 ? 'one' : 'other'}/`)).text()).toBe('the host');
      await left.close();
      expect(traces(server)).toEqual(before);
    }
  });

  test('[HOST-5] one instance on two servers', async () => {
    const signaling = signalingServer();
    const urls = [];
    for (const server of [createServer(), createServer()]) {
      signaling.attach(server);
      urls.push(await listening(server));
    }
    const [alice, bob] = [await join(urls[0] ?? '', transport, 'alice'), await join(urls[1] ?? '', transport, 'bob')];
    await talk(alice, bob);
  });
});

describe.each(TRANSPORTS)('close, over %s', (transport) => {
  test('[HOST-6] tells clients, ends ringing calls, leaves active ones to their peers', async () => {
    const { signaling, join: joinAs, server } = await stage(transport);
    const [alice, bob, carol, dave] = [
      await joinAs('alice'),
      await joinAs('bob'),
      await joinAs('carol'),
      await joinAs('dave'),
    ];
    await talk(alice, bob);
    const ringing = await ring(carol, dave);
    await signaling.close({ reconnectAfterMs: 1_234 });
    for (const client of [alice, bob, carol, dave]) {
      expect(await client.next('server_draining')).toEqual({ reconnectAfterMs: 1_234 });
      // Not `io server disconnect`, after which socket.io-client never comes back.
      expect(await client.next('disconnect')).toMatch(/^transport/);
    }
    for (const client of [carol, dave]) {
      expect(client.take('call_ended')).toMatchObject([{ callId: ringing, reason: 'server_shutdown' }]);
    }
    for (const client of [alice, bob]) expect(client.take('call_ended')).toEqual([]);
    expect(server.listening).toBe(true);
  });

  test('[HOST-6] clients come back by themselves, to the next instance on the same server', async () => {
    const server = createServer();
    const url = await listening(server);
    const first = signalingServer().attach(server);
    const alice = await join(url, transport, 'alice', '/socket.io', true);
    await first.close();
    signalingServer().attach(server);
    await alice.next('join_success');
    const bob = await join(url, transport, 'bob');
    await talk(bob, alice);
  });

  test('[HOST-6] is idempotent, also at once, and without clients or servers', async () => {
    const { signaling, join: joinAs } = await stage(transport);
    const alice = await joinAs('alice');
    await Promise.all([signaling.close(), signaling.close({ reconnectAfterMs: 5 })]);
    await signaling.close();
    await alice.next('server_draining');
    await alice.next('disconnect');
    await alice.quiet('server_draining');
    const unattached = new SignalingServer({ auth: 'open' });
    await unattached.close();
    await unattached.close();
  });
});
