import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { run } from '../server-process.ts';
import { counted, figures } from './figures.ts';
import { startFleet } from './fleet.ts';
import { Party, talk } from './party.ts';

const PROGRAM = fileURLToPath(new URL('dying-node.mjs', import.meta.url));

const NODES = counted(3, 20);
const GRACE_MS = 2_000;

describeOnRedis('a node that is killed while a device leaves', () => {
  test(`[NODE-18] ${NODES} times, once the session has changed: the peer is told within ${8_000 + GRACE_MS} ms, and no call stays behind`, {
    timeout: 60_000,
  }, async () => {
    const fleet = await startFleet({ count: 1, args: ['--grace', `${GRACE_MS / 1_000}s`] });
    const [living] = fleet.nodes;
    if (living === undefined) throw new Error('there is a node');
    const env = { REDIS_URL: `redis://127.0.0.1:${fleet.redis.port}` };
    const took = await Promise.all(
      Array.from({ length: NODES }, async (_, n) => {
        const [leaver, witness] = [new Party(`leaver${n}`), new Party(`witness${n}`)];
        const node = run([leaver.id, 'swap'], { command: [process.execPath, PROGRAM], env });
        const { url } = await node.line('listening');
        await Promise.all([leaver.joinAt(String(url)), witness.joinAt(living.url)]);
        const { callId } = await talk(leaver, witness);
        node.child.kill('SIGUSR2');
        await node.line('armed');
        leaver.ask('leave', {}).catch(() => {});
        const { signal } = await node.ended;
        const diedAt = performance.now();
        expect(signal).toBe('SIGKILL');
        const { at } = await witness.until('call_ended', { callId, reason: 'peer_disconnected' }, 20_000);
        expect((await witness.ask('end_call', { callId })).code).toBe('invalid_state');
        witness.vanish();
        leaver.vanish();
        return at - diedAt;
      }),
    );
    figures(`${NODES} nodes killed while a device left`, { max: Math.max(...took) });
    expect(Math.max(...took)).toBeLessThan(8_000 + GRACE_MS);
    expect(await fleet.liveCalls()).toEqual([]);
  });
});
