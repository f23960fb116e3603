import { ScriptedClient } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Configure, isInstalled, startHaproxy, startNginx } from '../../signal-core/test/e2e/balancer.ts';
import { stillTalking, talk } from '../../signal-core/test/e2e/call-steps.ts';
import { example, without } from '../../signal-core/test/e2e/configure.ts';
import { isRedisSkipped, sharedRedis } from '../../signal-core/test/redis/redis-process.ts';
import { run, type ServerProcess } from './server-process.ts';

interface Way {
  name: string;
  isMissing: boolean;
  file: Parameters<typeof example>[0];
  start: typeof startNginx;
  /** What keeps the polls of a client at one node. */
  sticky: RegExp;
  /** Headers with which a client comes to a node again and again; of several tries they are of both nodes. */
  headersOf(url: string, n: number): Promise<Record<string, string>>;
}

const NGINX: Way = {
  name: 'nginx',
  isMissing: !isInstalled('nginx'),
  file: 'nginx.conf.template',
  start: startNginx,
  sticky: /^ *hash .*$/m,
  headersOf: async (_, n) => ({ 'x-forwarded-for': `10.0.0.${n}` }),
};

const HAPROXY: Way = {
  name: 'HAProxy',
  isMissing: !isInstalled('haproxy'),
  file: 'haproxy.cfg',
  start: startHaproxy,
  sticky: /^ *cookie .*$/m,
  // as a browser brings back what it was given
  headersOf: async (url) => {
    const cookie = (await fetch(`${url}/livez`)).headers.get('set-cookie')?.split(';')[0];
    return cookie === undefined ? {} : { cookie };
  },
};

const redis = isRedisSkipped ? undefined : sharedRedis();
let prefixes = 0;

/** Two servers, and a balancer before them. */
async function behind({ file, start }: Way, change: (configure: Configure) => Configure = (as) => as) {
  prefixes += 1;
  const args = ['--port', '0', '--host', '127.0.0.1', '--auth', 'open', '--limits', 'off', '--trust-proxy', '1'];
  const settings = ['--metrics', '--drain', '3s', '--redis-prefix', `test${prefixes}`];
  const env = { REDIS_URL: `redis://127.0.0.1:${redis?.().port}` };
  const nodes = [run([...args, ...settings], { env }), run([...args, ...settings], { env })] as const;
  const [first, second] = await Promise.all(nodes.map(urlOf));
  const urls = [String(first), String(second)] as const;
  const places = urls.map((url) => new URL(url).host) as [string, string];
  const balancer = await start(change(example(file, places)));
  onTestFinished(() => balancer.stop());
  return { nodes, urls, url: balancer.url };
}

const urlOf = async (node: ServerProcess) => String((await node.line('listening')).url);

/** How many connections a node has; it is asked directly. */
async function connectionsAt(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^signal_connections (\d+)/m.exec(metrics)?.[1]);
}

/** A polling client that joins. @returns the node that it came to, too */
async function join(url: string, urls: readonly string[], name: string, headers: Record<string, string>) {
  const before = await Promise.all(urls.map(connectionsAt));
  const client = new ScriptedClient({ url, transport: 'polling', name, headers });
  onTestFinished(() => client.close());
  await client.connect();
  await client.join({ id: name, username: name });
  const now = await Promise.all(urls.map(connectionsAt));
  return { client, node: now.findIndex((count, node) => count > (before[node] ?? 0)) };
}

/** Two polling clients at two nodes. */
async function twoApart(way: Way, url: string, urls: readonly string[]) {
  const alice = await join(url, urls, 'alice', await way.headersOf(url, 1));
  for (let n = 2; ; n += 1) {
    const other = await join(url, urls, `other-${n}`, await way.headersOf(url, n));
    if (other.node !== alice.node) return { alice, bob: other };
  }
}

const testBehind = ({ isMissing }: Way) => test.skipIf((isMissing && process.env.CI !== 'true') || redis === undefined);

describe.each([NGINX, HAPROXY])('behind $name', (way) => {
  const behindIt = testBehind(way);

  behindIt('[NODE-1] clients that poll call each other across nodes', async () => {
    const { url, urls } = await behind(way);
    const { alice, bob } = await twoApart(way, url, urls);
    const callId = await talk(alice.client, bob.client);
    await stillTalking(alice.client, bob.client, callId);
    alice.client.send('end_call', { callId });
    expect(await bob.client.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
  });

  behindIt('without stickiness a client that polls is told that its session is unknown', async () => {
    const { url } = await behind(way, (configure) => without(way.sticky, configure));
    const polling = `${url}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1));
    const responses = [];
    for (let poll = 0; poll < 2; poll += 1)
      responses.push(await fetch(`${polling}&sid=${sid}`, { method: 'POST', body: '40' }));
    const refused = responses.find(({ status }) => status === 400);
    expect(await refused?.json()).toEqual({ code: 1, message: 'Session ID unknown' });
  });
});

const behindHaproxy = testBehind(HAPROXY);

behindHaproxy(
  '[SRV-24] [SRV-25] a balancer that asks /readyz sends nobody to a node that drains; whom that node had goes on elsewhere',
  async () => {
    const { url, urls, nodes } = await behind(HAPROXY);
    const { alice, bob } = await twoApart(HAPROXY, url, urls);
    const callId = await talk(alice.client, bob.client);
    const [leaving, staying] = alice.node === 0 ? [nodes[0], urls[1]] : [nodes[1], urls[0]];
    leaving.child.kill('SIGTERM');
    await alice.client.next('server_draining');
    await expect.poll(() => alice.client.socket.connected, { timeout: 14_000 }).toBe(false);
    // a legacy client is given back the device that is lost: pages wait a second before they come back
    await expect.poll(() => bob.client.take('call_status').length, { timeout: 14_000 }).toBeGreaterThan(0);
    expect((await alice.client.comeBack()).calls).toMatchObject([{ callId, status: 'active', here: true }]);
    await stillTalking(alice.client, bob.client, callId);
    for (const n of [1, 2]) await join(url, [], `late-${n}`, await HAPROXY.headersOf(url, n));
    expect(await connectionsAt(staying)).toBe(4);
    expect((await leaving.ended).code).toBe(0);
  },
);

testBehind(NGINX)(
  '[NODE-11] [SRV-25] nginx sends whoever a node turns away that stops to the other one, and nobody is interrupted twice',
  async () => {
    const { url, urls, nodes } = await behind(NGINX);
    const { alice, bob } = await twoApart(NGINX, url, urls);
    const callId = await talk(alice.client, bob.client);
    const [leaving, staying] = alice.node === 0 ? [nodes[0], urls[1]] : [nodes[1], urls[0]];
    leaving.child.kill('SIGTERM');
    await alice.client.next('server_draining');
    // that address brought alice to the node that stops
    const late = await join(url, [staying], 'late', await NGINX.headersOf(url, 1));
    expect(late.node).toBe(0);
    await stillTalking(alice.client, bob.client, callId);
    await expect.poll(() => alice.client.socket.connected, { timeout: 14_000 }).toBe(false);
    expect((await alice.client.comeBack()).calls).toMatchObject([{ callId, status: 'active', here: true }]);
    await stillTalking(alice.client, bob.client, callId);
    expect((await leaving.ended).code).toBe(0);
    await stillTalking(alice.client, bob.client, callId);
    expect([alice, bob, late].map(({ client }) => client.socket.connected)).toEqual([true, true, true]);
    expect(await connectionsAt(staying)).toBe(3);
  },
);

behindHaproxy(
  '[SRV-24] [NODE-9] without Redis no node is ready, and clients that poll stay where they are',
  async () => {
    const { url, urls } = await behind(HAPROXY);
    const headers = await HAPROXY.headersOf(url, 1);
    const [alice, bob] = [await join(url, urls, 'alice', headers), await join(url, urls, 'bob', headers)];
    const callId = await talk(alice.client, bob.client);
    redis?.().freeze();
    onTestFinished(() => redis?.().thaw());
    await expect.poll(async () => (await fetch(`${url}/livez`)).status, { timeout: 15_000 }).toBe(503);
    await stillTalking(alice.client, bob.client, callId);
    expect([alice.client.socket.connected, bob.client.socket.connected]).toEqual([true, true]);
  },
);
