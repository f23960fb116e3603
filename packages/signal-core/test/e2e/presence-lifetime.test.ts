import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { Connection } from '../../src/gateway/connection.ts';
import { stage } from './stage.ts';

/** Connections that something still refers to: a full garbage collection comes first. */
const remembered = () => queryObjects(Connection, { format: 'count' });

test('[PRES-5] [PRES-10] a connection that ended is watched for no more, however it heard of presence', async () => {
  const { join, signaling } = await stage('websocket');
  const clients = await Promise.all(
    ['full', 'delta', 'none', 'delta', 'chosen'].map((presence, n) =>
      join(`user ${n}`, presence === 'chosen' ? {} : { presence }),
    ),
  );
  for (const ids of [['a', 'b'], ['b', 'c'], []]) await clients[4]?.ask('presence_subscribe', { ids });
  await clients[3]?.ask('presence_subscribe', { ids: ['a'] });
  expect(remembered()).toBe(5);
  for (const client of clients) client.close();
  while ((await signaling.stats()).connections > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  // what a connection leaves behind goes in its own time: sockets close, promises settle
  for (let tries = 10; tries > 0 && remembered() > 0; tries -= 1)
    await new Promise((resolve) => setTimeout(resolve, 200));
  expect(remembered()).toBe(0);
}, 90_000);
