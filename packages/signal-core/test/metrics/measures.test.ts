import { Registry } from 'prom-client';
import type { SignalingServer } from 'signal-core';
import { createMemoryStores } from 'signal-core';
import { ERROR_CODES } from 'signal-core/protocol';
import { FakeClock, ScriptedClient } from 'signal-core/testing';
import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { login, passwords, serving, verifyToken } from '../e2e/rest-steps.ts';
import { samplesOf, scrape } from './scraped.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\n' };
const ANSWER = { type: 'answer', sdp: 'v=0\r\n' };

async function world(options: Parameters<typeof serving>[0] = {}) {
  const clock = new FakeClock();
  const server = await serving({ metrics: true, clock, ...options });
  const join = async (id: string, extra: Record<string, unknown> = {}) => {
    const client = await new ScriptedClient({ url: server.url, transport: 'websocket', name: id }).connect();
    onTestFinished(() => client.close());
    await client.join({ id, username: id, deviceId: 'phone', ...extra });
    return client;
  };
  return { ...server, clock, join };
}

const ended = (signaling: SignalingServer) =>
  new Promise<void>((resolve) => signaling.on('callEnded', () => resolve()));

/** Places a call that rings. */
async function ring(caller: ScriptedClient, to: string, callId: string) {
  expect(
    await caller.ask('call_user', { to, callId, callType: 'video', offer: OFFER, from: { id: 'alice' } }),
  ).toMatchObject({ ok: true });
}

describe('what is measured', () => {
  test('[METRICS-2] connections, users, and calls by state, as they are at the scrape', async () => {
    const { url, join, signaling } = await world();
    const [alice, bob] = [await join('alice'), await join('bob')];
    await join('alice', { deviceId: 'tablet' });
    const state = async () => {
      const samples = await scrape(url);
      return [
        'signal_connections',
        'signal_users_online',
        'signal_calls{state="ringing"}',
        'signal_calls{state="active"}',
      ].map((name) => samples.get(name));
    };
    expect(await state()).toEqual([3, 2, 0, 0]);
    await ring(alice, 'bob', 'call-1');
    expect(await state()).toEqual([3, 2, 1, 0]);
    await bob.ask('accept_call', { callId: 'call-1', answer: ANSWER });
    expect(await state()).toEqual([3, 2, 0, 1]);
    const end = ended(signaling);
    await bob.ask('end_call', { callId: 'call-1' });
    await end;
    expect(await state()).toEqual([3, 2, 0, 0]);
  });

  test('[METRICS-2] calls started, answered and ended by reason, the share and the time of answers', async () => {
    const { url, join, clock } = await world();
    const [alice, bob] = [await join('alice'), await join('bob')];
    expect((await scrape(url)).get('signal_calls_answered_ratio')).toBeNaN();
    await ring(alice, 'bob', 'call-1');
    await clock.advance(4_000);
    await bob.ask('accept_call', { callId: 'call-1', answer: ANSWER });
    await alice.ask('end_call', { callId: 'call-1' });
    for (const callId of ['call-2', 'call-3', 'call-4']) {
      await ring(alice, 'bob', callId);
      await bob.ask('reject_call', { callId });
    }
    const samples = await scrape(url);
    expect(samples.get('signal_calls_started_total')).toBe(4);
    expect(samples.get('signal_calls_answered_total')).toBe(1);
    expect(samples.get('signal_calls_ended_total{reason="hangup"}')).toBe(1);
    expect(samples.get('signal_calls_ended_total{reason="declined"}')).toBe(3);
    expect(samples.get('signal_calls_ended_total{reason="no_answer"}')).toBe(0);
    expect(samples.get('signal_calls_answered_ratio')).toBe(0.25);
    expect(samples.get('signal_call_answer_seconds_sum')).toBe(4);
    expect(samples.get('signal_call_answer_seconds_bucket{le="3"}')).toBe(0);
    expect(samples.get('signal_call_answer_seconds_bucket{le="5"}')).toBe(1);
  });

  test('[METRICS-2] refusals by code, over sockets, at handshakes and over REST', async () => {
    const { url, join } = await world({ auth: { verifyToken } });
    const alice = await join('alice', { token: '/alice' });
    await alice.ask('end_call', { callId: 'none' });
    await alice.ask('call_user', { to: 7 });
    alice.send('no_such_event', {});
    await alice.next('signal_error');
    await fetch(`${url}/api/users`);
    const socket = io(url, { auth: { token: 'nonsense' }, reconnection: false, transports: ['websocket'] });
    onTestFinished(() => void socket.close());
    await new Promise((resolve) => socket.once('connect_error', resolve));
    const samples = await scrape(url);
    const counted = ERROR_CODES.filter((code) => samples.get(`signal_refusals_total{code="${code}"}`) !== 0);
    expect(counted).toEqual(['invalid_payload', 'unauthorized', 'call_not_found']);
    expect(samples.get('signal_refusals_total{code="invalid_payload"}')).toBe(2);
    expect(samples.get('signal_refusals_total{code="unauthorized"}')).toBe(2);
    expect(samples.get('signal_refusals_total{code="call_not_found"}')).toBe(1);
  });

  test('[METRICS-2] the time of REST requests by route and status', async () => {
    const { url } = await world({ auth: { passwords } });
    await login(url, 'alice', 'ecila');
    await login(url, 'alice', 'wrong');
    await fetch(`${url}/api/users?token=secret`);
    await fetch(`${url}/health`);
    const samples = await scrape(url);
    const count = (labels: string) => samples.get(`signal_http_request_seconds_count{${labels}}`);
    expect(count('route="/api/login",status="200"')).toBe(1);
    expect(count('route="/api/login",status="401"')).toBe(1);
    expect(count('route="/api/users",status="401"')).toBe(1);
    expect(count('route="/health",status="200"')).toBe(1);
  });

  test('[METRICS-2] the delay of the event loop, CPU time, and memory', async () => {
    const { url } = await world();
    // a sample every 10 ms: the first comes by itself
    await expect.poll(async () => (await scrape(url)).get('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0);
    const samples = await scrape(url);
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes',
      'nodejs_heap_size_total_bytes',
    ]) {
      expect(samples.get(name)).toBeGreaterThan(1e6);
    }
    const cpuSeconds = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const before = cpuSeconds();
    const told = (await scrape(url)).get('process_cpu_seconds_total');
    expect(told).toBeGreaterThanOrEqual(before);
    expect(told).toBeLessThanOrEqual(cpuSeconds());
    for (const name of ['mean', 'p50', 'p99']) expect(samples.has(`nodejs_eventloop_lag_${name}_seconds`)).toBe(true);
  });

  test('[METRICS-2] a store that fails takes nothing else out of a scrape', async () => {
    const stores = createMemoryStores();
    let isDown = true;
    const scopes = () => (isDown ? Promise.reject(new Error('down')) : stores.scopes());
    const { url } = await world({ stores: { ...stores, scopes } });
    const samples = await scrape(url);
    expect(samples.get('signal_connections')).toBe(0);
    expect(samples.has('signal_calls{state="ringing"}')).toBe(false);
    isDown = false;
    expect((await scrape(url)).get('signal_calls{state="ringing"}')).toBe(0);
  });
});

describe('a registry', () => {
  test('[METRICS-3] of the host gets only what is ours, and loses it at close()', async () => {
    const registry = new Registry();
    const server = await serving({ metrics: { registry } });
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect(names.length).toBe(10);
    expect(names.filter((name) => !name.startsWith('signal_'))).toEqual([]);
    expect(samplesOf(await registry.metrics()).get('signal_connections')).toBe(0);
    await server.close();
    expect(registry.getMetricsAsArray()).toEqual([]);
  });

  test('[METRICS-3] holds the metrics of one server: another one does not start, and leaves them alone', async () => {
    const registry = new Registry();
    await serving({ metrics: { registry } });
    await expect(serving({ metrics: { registry } })).rejects.toThrow(
      /option 'metrics.registry' .*'signal_connections'/,
    );
    expect(registry.getMetricsAsArray().length).toBe(10);
  });

  test("[METRICS-3] of our own is each server's own", async () => {
    const [one, other] = [await world(), await world()];
    await one.join('alice');
    expect((await scrape(one.url)).get('signal_users_online')).toBe(1);
    expect((await scrape(other.url)).get('signal_users_online')).toBe(0);
  });
});

test("[METRICS-3] no label and no value is of a client's making", async () => {
  const { url, join } = await world();
  const SECRET = 'c0ffee-from-a-client';
  const alice = await join(`id-${SECRET}`);
  await join('bob');
  await alice.ask('call_user', { to: 'bob', callId: `call-${SECRET}`, callType: 'audio', offer: OFFER });
  await alice.ask('end_call', { callId: `none-${SECRET}` });
  alice.send(`event-${SECRET}`, {});
  await alice.next('signal_error');
  await login(url, `name-${SECRET}`, SECRET, SECRET);
  await fetch(`${url}/api/${SECRET}`);
  await fetch(`${url}/api/users/${SECRET}?q=${SECRET}`, { headers: { 'user-agent': SECRET } });
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).not.toContain(SECRET);
  const labels = new Set([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name]) => name));
  expect([...labels].sort()).toEqual(['code', 'le', 'reason', 'route', 'state', 'status']);
});
