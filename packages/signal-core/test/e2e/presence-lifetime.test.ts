import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { Connection } from '../../src/gateway/connection.ts';
import { stage } from './stage.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Connections that something still refers to: a full garbage collection comes first, which takes a second. */
const remembered = () => queryObjects(Connection, { format: 'count' });

test.runIf(process.env.TEST_SCALE === 'full')(
  '[PRES-5] [PRES-10] a connection that ended is watched for no more, however it heard of presence',
  async () => {
    const { join, signaling } = await stage('websocket');
    const modes = ['full', 'delta', 'none', 'delta'];
    const clients = await Promise.all(modes.map((presence, n) => join(`user ${n}`, { presence })));
    for (const ids of [['a', 'b'], ['b', 'c'], ['c']]) await clients[3]?.ask('presence_subscribe', { ids });
    expect(remembered()).toBe(4);
    for (const client of clients) client.close();
    while ((await signaling.stats()).connections > 0) await pause(10);
    // sockets close and promises settle in their own time
    await pause(600);
    let left = remembered();
    for (let tries = 5; tries > 0 && left > 0; tries -= 1) {
      await pause(500);
      left = remembered();
    }
    expect(left).toBe(0);
  },
  90_000,
);
