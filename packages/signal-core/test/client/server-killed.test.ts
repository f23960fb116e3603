import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../signal-server/test/server-process.ts';
import { all, next } from './heard.ts';
import { iceUfrags, mediaCall, restarted } from './peers.ts';
import { type Guest, guestsOf } from './stage.ts';

/** The standalone server in a process of its own, listening. */
async function server(port: string) {
  const process = run(['--port', port, '--log-format', 'json', '--log-level', 'info']);
  const { url } = await process.line('listening');
  return { url: String(url), kill: () => process.child.kill('SIGKILL'), ended: process.ended };
}

const isBack = async ({ client }: Guest) => {
  while (client.state !== 'joined') await next(client, 'state');
};

test('[CLIENT-8] [CLIENT-14] two peers keep their data channel while the server is killed and started again', async () => {
  const first = await server('0');
  const { join } = guestsOf(first.url);
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const over = [all(caller.peerCall, 'ended'), all(callee.peerCall, 'ended')];
  const heard: unknown[] = [];
  callee.channel.addEventListener('message', ({ data }) => heard.push(data));
  let said = 0;
  const talking = setInterval(() => caller.channel.send(String(said++)), 20);
  onTestFinished(() => clearInterval(talking));

  first.kill();
  await first.ended;
  await pause(1_500);
  const saidWithoutServer = said;
  expect(saidWithoutServer).toBeGreaterThan(20);
  const second = await server(new URL(first.url).port);
  await Promise.all([isBack(alice), isBack(bob)]);
  const isActive = async () => Object(await (await fetch(`${second.url}/health`)).json()).activeCalls;
  await expect.poll(isActive, { timeout: 10_000 }).toBe(1);

  const before = iceUfrags(caller.pc);
  caller.pc.restartIce();
  await restarted(before, [caller.pc, callee.pc]);
  clearInterval(talking);
  await expect.poll(() => heard.length).toBe(said);
  expect(heard).toEqual(Array.from({ length: said }, (_, index) => String(index)));
  expect(over).toEqual([[], []]);

  const ended = next(callee.peerCall, 'ended');
  await caller.peerCall.end();
  expect((await ended)[0]).toMatchObject({ reason: 'hangup', by: alice.id });
});
