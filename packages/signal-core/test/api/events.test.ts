import type { Feature } from 'signal-core/protocol';
import {
  FakeClock,
  ScriptedClient,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from 'signal-core/testing';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { ANSWER, candidate, OFFER } from '../e2e/session-descriptions.ts';
import { documented, EventWitness } from './event-witness.ts';

const FEATURES: Feature[] = ['ice_batch', 'early_candidates', 'resume'];
const witness = new EventWitness();

async function serving(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  return server;
}

async function connect({ url }: TestServer, name: string, auth?: { token: string }): Promise<ScriptedClient> {
  const client = new ScriptedClient({ url, transport: 'websocket', name, ...(auth !== undefined && { auth }) });
  onTestFinished(() => client.close());
  return client.connect();
}

/** A device of the newest protocol; its id is its name. */
async function joined(server: TestServer, name: string, extra: Record<string, unknown> = {}): Promise<ScriptedClient> {
  const user = { id: name, username: name, deviceId: `${name}-phone`, protocol: 2, features: FEATURES, ...extra };
  const client = witness.watch(await connect(server, name), user);
  await witness.ask(client, 'join', user);
  return client;
}

/** One of the legacy protocol, which asks for no acknowledgement. */
async function legacy(server: TestServer, name: string): Promise<ScriptedClient> {
  const client = witness.watch(await connect(server, name));
  await client.join({ id: name, username: name });
  return client;
}

const callTo = (to: string, extra: object = {}) => ({ to, callType: 'video', offer: OFFER, ...extra });

async function ring(caller: ScriptedClient, callee: ScriptedClient): Promise<string> {
  const { callId } = await witness.ask(caller, 'call_user', callTo(callee.id, { metadata: { room: [1] } }));
  await callee.next('incoming_call', (call) => call.callId === callId);
  await caller.next('call_status', (call) => call.callId === callId);
  return String(callId);
}

afterEach(() => {
  expect(witness.problems.splice(0)).toEqual([]);
});

describe('what is sent, answered and heard is in asyncapi.json, and fits', () => {
  test('[API-5] a call, end to end, over a loss', async () => {
    const server = await serving();
    const alice = await joined(server, 'alice');
    const bob = await joined(server, 'bob', { presence: 'delta' });
    await alice.next('users_updated', (users) => users.length === 2);
    const callId = await ring(alice, bob);
    const to = { to: 'bob', callId };
    await witness.ask(alice, 'ice_candidates', { callId, candidates: [candidate(1), candidate(2)], seq: 1 });
    await bob.next('ice_candidates');
    await witness.ask(bob, 'accept_call', { callId, answer: ANSWER });
    await alice.next('call_accepted');
    await witness.ask(alice, 'ice_candidate', { ...to, candidate: candidate(3), seq: 2 });
    await witness.ask(alice, 'ice_candidate', { ...to, candidate: null, seq: 3 });
    await bob.next('ice_candidate', ({ candidate: end }) => end === null);
    for (const description of [OFFER, ANSWER, { type: 'rollback' }]) {
      await witness.ask(alice, 'session_description', { callId, description });
      await bob.next('session_description');
    }
    await witness.ask(bob, 'call_info', { callId, data: { muted: true } });
    await alice.next('call_info');

    const { streamId } = alice.log.map(({ payload }) => Object(payload)).find((event) => event.streamId) ?? {};
    const lastSeq = Math.max(...alice.log.map(({ payload }) => Object(payload).seq ?? 0));
    await alice.drop();
    await bob.next('call_status', ({ status }) => status === 'peer_reconnecting');
    await witness.ask(bob, 'call_info', { callId, data: 'said meanwhile' });
    alice.user = { ...alice.user, id: 'alice', username: 'alice', resume: [{ callId, streamId, lastSeq }] };
    expect((await alice.comeBack()).resumed).toEqual([{ callId, recovered: true }]);
    await alice.next('call_info');
    await bob.next('call_status', ({ status }) => status === 'peer_reconnected');
    await witness.ask(alice, 'end_call', { callId });
    await bob.next('call_ended');

    const declined = await ring(alice, bob);
    await witness.ask(bob, 'reject_call', { callId: declined, reason: 'busy' });
    await alice.next('call_rejected');
    const lost = { callId: 'of-another-life', callType: 'video' };
    await witness.ask(alice, 'call_restore', { ...lost, peer: 'bob', role: 'caller' });
    await witness.ask(bob, 'call_restore', { ...lost, peer: 'alice', role: 'callee' });
    await alice.next('call_status', ({ status }) => status === 'peer_reconnected');
    await witness.ask(alice, 'leave');
    await bob.next('call_ended', ({ reason }) => reason === 'peer_disconnected');
  });

  test('[API-5] presence, credentials, and the end of a connection', async () => {
    const server = await serving({ turn: { urls: ['turn:turn.example'], secret: 'shared' } });
    const alice = await joined(server, 'alice', { presence: 'delta' });
    const { epoch, version } = await witness.ask(alice, 'presence_sync', {});
    const bob = await joined(server, 'bob', { presence: 'none' });
    await alice.next('presence_changed');
    await witness.ask(alice, 'presence_sync', { since: { epoch, version } });
    alice.send('presence_sync', {});
    await alice.next('presence_state');
    await witness.ask(bob, 'presence_subscribe', { ids: ['alice', 'carol'] });
    await legacy(server, 'carol');
    await bob.next('presence_changed', (change) => !('version' in change));
    await witness.ask(alice, 'ice_servers');
    await witness.ask(alice, 'auth_refresh', { token: 'whatever' });
    await witness.ask(alice, 'ping');
    await alice.next('pong');
    await joined(server, 'alice', { presenceSince: { epoch, version } });
    await alice.next('session_replaced');
    const gone = server.signaling.close();
    await bob.next('server_draining');
    await gone;
  });

  test('[API-5] a legacy client', async () => {
    const server = await serving();
    const [alice, bob] = [await legacy(server, 'alice'), await legacy(server, 'bob')];
    alice.send('ice_candidate', { to: 'bob', candidate: candidate(1) });
    alice.send('call_user', callTo('bob', { from: { id: 'alice', username: 'alice' } }));
    const { callId } = await bob.next('incoming_call');
    bob.send('accept_call', { callId, answer: ANSWER });
    await alice.next('call_accepted');
    await bob.next('ice_candidate');
    bob.send('end_call', { callId });
    await alice.next('call_ended');
    alice.send('call_user', callTo('nobody'));
    await alice.next('call_status', ({ status }) => status === 'user_offline');
    alice.send('call_user', callTo('alice'));
    await alice.next('call_rejected');
    alice.send('accept_call', { callId: 'none', answer: ANSWER });
    await alice.next('call_ended');
    witness.sendWrong(alice, 'call_user', { to: 7 });
    await alice.next('signal_error', ({ code }) => code === 'invalid_payload');
  });

  test('[API-5] refusals', async () => {
    const clock = new FakeClock();
    const server = await serving({ clock });
    const [alice, bob, carol] = [
      await joined(server, 'alice'),
      await joined(server, 'bob'),
      await joined(server, 'carol'),
    ];
    const callId = await ring(alice, bob);
    await witness.refused(bob, 'glare', 'call_user', callTo('alice'));
    await witness.ask(bob, 'accept_call', { callId, answer: ANSWER });
    await witness.refused(carol, 'busy', 'call_user', callTo('alice'));
    await witness.refused(carol, 'user_offline', 'call_user', callTo('nobody'));
    await witness.refused(carol, 'forbidden', 'call_user', callTo('carol'));
    await witness.refused(carol, 'identity_mismatch', 'call_user', callTo('bob', { from: { id: 'alice' } }));
    await witness.refused(carol, 'identity_mismatch', 'join', { id: 'dave', username: 'dave' });
    await witness.refused(carol, 'payload_too_large', 'presence_sync', { since: 'x'.repeat(70_000) });
    for (const event of ['accept_call', 'reject_call', 'end_call'] as const) {
      await witness.refused(carol, 'call_not_found', event, { callId, answer: ANSWER });
    }
    await witness.refused(carol, 'call_not_found', 'ice_candidate', { to: 'bob', callId, candidate: null });
    await witness.refused(carol, 'call_not_found', 'ice_candidates', { callId, candidates: [null] });
    await witness.refused(carol, 'call_not_found', 'session_description', { callId, description: OFFER });
    await witness.refused(carol, 'call_not_found', 'call_info', { callId, data: 1 });
    await witness.refused(carol, 'forbidden', 'call_restore', {
      callId,
      peer: 'carol',
      role: 'caller',
      callType: 'audio',
    });
    await witness.ask(alice, 'end_call', { callId });
    await witness.refused(alice, 'invalid_state', 'accept_call', { callId, answer: ANSWER });
    await witness.refused(alice, 'invalid_state', 'call_info', { callId, data: 1 });
    const stranger = witness.watch(await connect(server, 'stranger'));
    const tooEarly = witness.refused(stranger, 'not_joined', 'end_call', { callId });
    await witness.ask(stranger, 'ping');
    await clock.advance(10_000);
    await tooEarly;
  });

  test('[API-5] what does not fit, by the server and by the document', async () => {
    const server = await serving();
    const alice = await joined(server, 'alice');
    const [callId, to] = ['call', 'bob'];
    for (const [event, payload] of [
      ['join', { id: 'a b', username: 'alice' }],
      ['join', { id: 'alice', username: 'x'.repeat(65) }],
      ['call_user', { ...callTo('bob'), offer: ANSWER }],
      ['call_user', { ...callTo('bob'), callType: 'smell' }],
      ['accept_call', { callId }],
      ['reject_call', { callId: 'a b' }],
      ['end_call', null],
      ['ice_candidate', { to, candidate: { candidate: 'none' } }],
      ['ice_candidate', { to, candidate: null, seq: 0 }],
      ['ice_candidates', { callId, candidates: [] }],
      ['session_description', { callId, description: { type: 'guess' } }],
      ['call_info', { callId }],
      ['call_restore', { callId, peer: 'bob', role: 'both', callType: 'audio' }],
      ['presence_sync', { since: { epoch: 'then' } }],
      ['presence_subscribe', { ids: Array.from({ length: 201 }, (_, n) => `user-${n}`) }],
      ['auth_refresh', {}],
    ] as const) {
      await witness.refused(alice, 'invalid_payload', event, payload);
    }
  });

  test('[API-5] too much at once', async () => {
    const server = await serving({ clock: new FakeClock(), limits: { eventsPerSecond: 1, eventBurst: 2 } });
    const alice = await joined(server, 'alice');
    await witness.ask(alice, 'ping');
    await witness.refused(alice, 'rate_limited', 'ping', null);
  });

  test('[API-5] credentials', async () => {
    const expiresAt = Date.now() + 3_600_000;
    const verifyToken = (token: string) =>
      token.startsWith('good ') ? { id: token.slice(5), username: token.slice(5), expiresAt } : null;
    const server = await serving({ auth: { verifyToken } });
    const refusal = await connect(server, 'mallory', { token: 'none' }).catch((error: unknown) => Object(error));
    witness.judge('toClient', 'connect_error', { message: refusal.message, data: refusal.data });
    const alice = witness.watch(await connect(server, 'alice', { token: 'good alice' }));
    await witness.refused(alice, 'unauthorized', 'join', { id: 'alice', username: 'alice', token: 'none' });
    await witness.ask(alice, 'join', { id: 'alice', username: 'alice' });
    await witness.refused(alice, 'identity_mismatch', 'auth_refresh', { token: 'good bob' });
    await witness.refused(alice, 'unauthorized', 'auth_refresh', { token: 'none' });
    expect(await witness.ask(alice, 'auth_refresh', { token: 'good alice' })).toEqual({ ok: true, expiresAt });
  });

  test('[API-5] in these tests, all of it', () => {
    for (const channel of ['toServer', 'acknowledgements', 'toClient'] as const) {
      expect([channel, ...[...witness.seen[channel]].sort()]).toEqual([channel, ...documented(channel).sort()]);
    }
  });
});
