import { ScriptedClient, startTestServer, type Transport } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callTo, talk } from '../e2e/call-steps.ts';
import { TRANSPORTS } from '../e2e/legacy-client.ts';

async function stage(transport: Transport) {
  const { url, signaling, close } = await startTestServer();
  onTestFinished(close);
  const join = async (name: string, deviceId = name) => {
    const client = new ScriptedClient({ url, transport, name });
    onTestFinished(() => client.close());
    await client.connect();
    await client.join({ id: name, username: name, deviceId });
    return client;
  };
  return { url, signaling, join };
}

describe.each(TRANSPORTS)('a scripted client over %s', (transport) => {
  test('[TEST-5] events are handed out by name and condition, each once, in order', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    for (const data of [1, 2, 3, 4]) alice.send('call_info', { callId, data });
    await alice.settle();
    await bob.settle();
    expect(await bob.next('call_info', ({ data }) => data === 3)).toMatchObject({ callId, from: 'alice', data: 3 });
    expect(await bob.next('call_info')).toMatchObject({ data: 1 });
    expect(bob.take('call_info')).toMatchObject([{ data: 2 }, { data: 4 }]);
    expect(bob.take('call_info')).toEqual([]);
    expect(bob.order('incoming_call', 'call_info')).toEqual(['incoming_call', ...Array(4).fill('call_info')]);
    const later = bob.next('call_info');
    alice.send('call_info', { callId, data: 5 });
    expect(await later).toMatchObject({ data: 5 });
    expect(bob.log.filter(({ taken }) => !taken).map(({ event }) => event)).not.toContain('call_info');
    bob.forget();
    expect(bob.log).toEqual([]);
  });

  test('[TEST-5] quiet fails for what is still under way, and not for what was taken', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await bob.quiet('call_ended', 'incoming_call');
    alice.send('end_call', { callId });
    await alice.settle();
    await expect(bob.quiet('call_ended')).rejects.toThrow(/^bob got call_ended \{.*hangup/);
    await bob.next('call_ended');
    await bob.quiet('call_ended');
  });

  test('[TEST-5] answers and refusals come back', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const placed = await alice.ask('call_user', callTo(alice, bob));
    expect(placed).toMatchObject({ ok: true, status: 'ringing' });
    expect(await alice.refusal('accept_call', { callId: 'none', answer: { type: 'answer', sdp: 'v=0' } })).toBe(
      'call_not_found',
    );
    expect(await alice.refusal('no such event')).toBe('invalid_payload');
    await expect(alice.refusal('ping')).rejects.toThrow('alice: ping was not refused');
  });

  test('[TEST-6] it joins at every connect', async () => {
    const { url, join, signaling } = await stage(transport);
    const alice = await join('alice', 'laptop');
    await alice.drop();
    expect(await alice.comeBack()).toMatchObject({ deviceId: 'laptop', self: { id: 'alice' } });
    const stranger = new ScriptedClient({ url, transport, name: 'stranger' });
    expect(() => stranger.socket).toThrow('stranger has not connected');
    expect(() => stranger.id).toThrow('stranger has not joined');
    await stranger.connect();
    await stranger.settle();
    expect(await signaling.onlineUsers()).toMatchObject([{ id: 'alice' }]);
    stranger.close();
  });

  const lost = { status: 'peer_reconnecting' };
  test.each([
    { how: 'drop' as const, heard: 'call_status' as const, what: lost, only: undefined },
    { how: 'cutWire' as const, heard: 'call_status' as const, what: lost, only: 'websocket' },
    {
      how: 'closePage' as const,
      heard: 'call_ended' as const,
      what: { reason: 'peer_disconnected' },
      only: 'websocket',
    },
    { how: 'close' as const, heard: 'call_ended' as const, what: { reason: 'peer_disconnected' }, only: undefined },
  ])('[TEST-6] $how is seen by the server as it should be', async ({ how, heard, what, only }) => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await talk(alice, bob);
    alice.take('call_status');
    if (only !== undefined && only !== transport) {
      await expect((async () => bob[how]())()).rejects.toThrow('bob does not speak over a WebSocket');
      return;
    }
    await bob[how]();
    expect(await alice.next(heard)).toMatchObject(what);
  });
});

test('[TEST-6] a client that is frozen answers no more, and is not gone', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await talk(alice, bob);
  bob.freeze();
  alice.send('call_info', { callId, data: 1 });
  await alice.settle();
  await alice.settle();
  expect(bob.take('call_info')).toEqual([]);
  expect(bob.socket.connected).toBe(true);
});

test('[TEST-5] what does not come in 4 s fails, and says what came instead', async () => {
  const { join } = await stage('websocket');
  const alice = await join('alice');
  const waited = alice.next('incoming_call');
  await expect(waited).rejects.toThrow(/alice waited 4000 ms for incoming_call; came: \n {2}join_success \(taken\) \{/);
});

test('[TEST-5] connecting leaves no listener behind, and takes away none of a test', async () => {
  const { url, close } = await startTestServer();
  const client = new ScriptedClient({ url, transport: 'websocket', name: 'alice' });
  onTestFinished(() => client.close());
  await client.connect();
  const listeners = () => [client.socket.listeners('connect').length, client.socket.listeners('connect_error').length];
  client.socket.on('connect_error', () => {});
  const before = listeners();
  client.socket.disconnect();
  await client.connect();
  expect(listeners()).toEqual(before);
  client.socket.disconnect();
  await close();
  await expect(client.connect()).rejects.toThrow();
  expect(listeners()).toEqual(before);
});
