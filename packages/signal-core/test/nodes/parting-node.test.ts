import { once } from 'node:events';
import type { Logger } from 'signal-core';
import { FakeClock, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '../../src/log.ts';
import { BEAT_MS, LEASE_MS } from '../../src/stores/nodes.ts';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { TRANSPORTS } from '../e2e/legacy-client.ts';
import { rawConnection } from '../e2e/raw-connection.ts';
import { numbered, resumePoint } from '../e2e/resume-steps.ts';
import { comeBackAt, RESUMING } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** A node that takes its time as it goes: whose connection is closed first comes back while it is still there. */
async function parting() {
  const stage = await startNodes();
  const [node] = stage.nodes;
  return {
    ...stage,
    stage,
    async go() {
      const moments = vi.spyOn(Math, 'random').mockReturnValueOnce(0).mockReturnValue(0.99);
      onTestFinished(() => moments.mockRestore());
      const closed = node?.signaling.close({ overMs: 10_000, reconnectAfterMs: 0 });
      await stage.clock.advance(100);
      onTestFinished(async () => {
        await stage.clock.advance(11_000);
        await closed;
      });
    },
  };
}

test('[NODE-11] whoever is let go comes back at another node with their call, and misses nothing', async () => {
  const { stage, join, go } = await parting();
  const [alice, bob] = [await join(0, 'alice', RESUMING), await join(0, 'bob')];
  const callId = await talk(bob, alice);
  const point = resumePoint(alice, callId);
  await go();
  await alice.next('disconnect');
  const { client: back, success } = await comeBackAt(stage, 1, 'alice', point);
  expect(success.resumed).toEqual([{ callId, recovered: true }]);
  await stillTalking(back, bob, callId);
  expect(numbered(back, callId).map(([event]) => event)).not.toContain('call_ended');
  await bob.quiet('call_ended');
});

test('[NODE-11] a call that rings goes on ringing, and is answered at the node that goes', async () => {
  const { stage, join, go } = await parting();
  const [alice, bob] = [await join(0, 'alice', RESUMING), await join(0, 'bob')];
  const callId = await ring(alice, bob);
  const point = resumePoint(alice, callId);
  await go();
  await alice.next('disconnect');
  const { client: back } = await comeBackAt(stage, 1, 'alice', point);
  await bob.quiet('call_ended');
  await answer(bob, back, callId);
});

test('[NODE-11] a node that goes takes no new call', async () => {
  const { join, go } = await parting();
  const [, bob, carol] = [await join(0, 'alice'), await join(0, 'bob'), await join(1, 'carol')];
  await go();
  const call = { to: 'carol', callType: 'video', offer: { type: 'offer', sdp: 'v=0\r\n' } };
  expect(await bob.refusal('call_user', call)).toBe('server_draining');
  await ring(carol, bob);
});

test('[NODE-11] of a node that goes the others say that it has left, of one that dies that it is dead', async () => {
  const said: string[] = [];
  const logger: Logger = { ...silentLogger, info: (_, text) => said.push(text), warn: (_, text) => said.push(text) };
  const dying = new Standstill();
  const stage = await startNodes({
    count: 3,
    logger,
    before: (stores, node) => (node === 2 ? dying.before(stores) : stores),
  });
  onTestFinished(() => dying.open());
  await stage.clock.advance(LEASE_MS);
  const passings = () => said.filter((text) => text.startsWith('a node '));
  await stage.nodes[0]?.signaling.close();
  await stage.clock.advance(BEAT_MS);
  expect(passings()).toEqual(['a node has left, and what it held is taken over']);
  dying.shut();
  await stage.clock.advance(LEASE_MS + BEAT_MS);
  expect(passings().slice(1)).toEqual(['a node is dead, and what it held is taken over']);
});

const PATH = '/socket.io/?EIO=4&transport=';

/** A WebSocket, of a polling session where one is named. @returns the answer that was no WebSocket, or what answers a probe */
async function knock(url: string, sid = ''): Promise<unknown> {
  const socket = new WebSocket(`${url}${PATH}websocket${sid && `&sid=${sid}`}`);
  onTestFinished(() => socket.terminate());
  const refused = new Promise((resolve) => {
    socket.once('unexpected-response', (_, { statusCode, headers }) => resolve([statusCode, headers['retry-after']]));
  });
  const answered = once(socket, 'open').then(async () => {
    socket.send('2probe');
    return String((await once(socket, 'message'))[0]);
  });
  return Promise.race([refused, answered]);
}

test('[NODE-11] a node that goes turns handshakes away, and nobody who is there', async () => {
  const { clock, nodes, join } = await startNodes();
  const [url = '', other = ''] = nodes.map((node) => node.url);
  const polling = await (await fetch(`${url}${PATH}polling`)).text();
  const { sid } = JSON.parse(polling.slice(1));
  const raw = await Promise.all(TRANSPORTS.map((transport) => rawConnection(url, transport)));
  const bob = await join(1, 'bob');
  const closed = nodes[0]?.signaling.close({ waitMs: 5_000, overMs: 10_000 });
  onTestFinished(async () => {
    await clock.advance(16_000);
    await closed;
  });

  const refusal = await fetch(`${url}${PATH}polling`);
  expect([refusal.status, refusal.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refusal.json()).toMatchObject({ code: 'server_draining' });
  expect(await knock(url)).toEqual([503, '5']);
  // a balancer is to ask the next node, which may have begun it
  expect((await fetch(`${url}${PATH}polling&sid=elsewhere`)).status).toBe(503);

  for (const each of raw) await each.settle();
  expect(await knock(url, sid)).toBe('3probe');
  expect((await fetch(`${other}${PATH}polling`)).status).toBe(200);
  await bob.settle();
});

test('[NODE-11] [HOST-12] a server without others turns nobody away while it goes: there is nowhere else to go', async () => {
  const clock = new FakeClock();
  const { url, signaling, close } = await startTestServer({ clock });
  onTestFinished(close);
  const raw = await rawConnection(url, 'websocket');
  const closed = signaling.close({ waitMs: 5_000 });
  const late = await rawConnection(url, 'polling');
  await late.settle();
  await raw.settle();
  await clock.advance(6_000);
  await closed;
});
