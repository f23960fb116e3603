import { expect, onTestFinished, test } from 'vitest';
import { describeOnRedis, RedisProcess } from '../../../signal-core/test/redis/redis-process.ts';
import { changeUsers } from '../../src/users/change-users.ts';
import { hashPassword } from '../../src/users/password-hash.ts';
import { ALICE, end, join, joined, login, SECRET, started, usersFile } from '../auth-steps.ts';

/** How soon whoever must go is out, in milliseconds. */
const OUT_MS = 2_000;

/** Two servers on one Redis, with one users file that has alice in it. */
async function startTwo() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const users = await usersFile();
  const args = ['--auth', 'passwords', '--users', users, '--redis-url', `redis://127.0.0.1:${redis.port}`];
  const start = () => started(args, { SIGNAL_SECRET: SECRET });
  const servers = [await start(), await start()] as const;
  return { users, start, servers, nodes: [servers[0].url, servers[1].url] as const };
}

const tokenOf = async (url: string, password: string) => String((await login(url, 'alice', password)).body.token);

describeOnRedis('servers that share Redis and a users file', () => {
  test('[SRV-18] [NODE-12] who has a new password, or was removed, is out within 2 s at each, and stays out', async () => {
    const { users, start, nodes } = await startTwo();
    const [one, two] = nodes;
    const old = await tokenOf(one, 'correct horse');
    const first = [await joined(one, old), await joined(two, old)].map(end);
    const hash = await hashPassword('battery staple');
    const changed = { ...ALICE, hash, createdAt: '2020-01-01T00:00:00.000Z', changedAt: new Date().toISOString() };
    await changeUsers(users, () => new Map([['alice', changed]]));
    const changedAt = performance.now();
    for (const gone of first) expect(await gone).toBe('io server disconnect');
    expect(performance.now() - changedAt).toBeLessThan(OUT_MS);
    for (const node of nodes) expect(await join(node, old)).toBe('unauthorized');

    const token = await tokenOf(two, 'battery staple');
    const second = [await joined(one, token), await joined(two, token)].map(end);
    await changeUsers(users, () => new Map());
    const removedAt = performance.now();
    for (const gone of second) expect(await gone).toBe('io server disconnect');
    expect(performance.now() - removedAt).toBeLessThan(OUT_MS);
    for (const node of [...nodes, (await start()).url]) expect(await join(node, token)).toBe('unauthorized');
  });

  test('[SRV-18] [NODE-12] who logs in with the new password stays in at every node', async () => {
    const { users, nodes, servers } = await startTwo();
    const [one, two] = nodes;
    const old = await joined(two, await tokenOf(one, 'correct horse'));
    const gone = end(old);
    const hash = await hashPassword('battery staple');
    const changed = { ...ALICE, hash, createdAt: '2020-01-01T00:00:00.000Z', changedAt: new Date().toISOString() };
    await changeUsers(users, () => new Map([['alice', changed]]));
    // before anybody has looked at the file by itself
    const token = await tokenOf(one, 'battery staple');
    const stays = [await joined(one, token), await joined(two, token)];
    expect(await gone).toBe('io server disconnect');
    // both have looked at the file, and told each other
    for (const { server } of servers) await server.line('credentials revoked');
    for (const node of nodes) expect(await join(node, token)).toBe('alice');
    expect(stays.map(({ connected }) => connected)).toEqual([true, true]);
  });
});
