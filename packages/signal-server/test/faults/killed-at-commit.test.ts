import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { run } from '../server-process.ts';
import { counted, figures, quantile } from './figures.ts';
import { startFleet } from './fleet.ts';
import { inSlices, Party, talk } from './party.ts';

const PROGRAM = fileURLToPath(new URL('dying-node.mjs', import.meta.url));

const RUNS = counted(10, 100);
const AT_ONCE = 5;

/** `doomed` is at the node that dies, `witness` at the one that lives. */
interface Cast {
  doomed: Party;
  witness: Party;
  /** From now on the next commit of the doomed node is its last deed. */
  arm(): Promise<void>;
}

/** Each does something at the node that dies of it. @returns what the other hears of it, and when it was done */
const DEEDS = {
  async accept({ doomed, witness, arm }: Cast) {
    const callId = await witness.call(doomed);
    await doomed.until('incoming_call', { callId });
    await arm();
    doomed.accept(callId).catch(() => {});
    return () => witness.until('call_accepted', { callId }, 20_000);
  },
  async reject({ doomed, witness, arm }: Cast) {
    const callId = await witness.call(doomed);
    await doomed.until('incoming_call', { callId });
    await arm();
    doomed.ask('reject_call', { callId }).catch(() => {});
    return () => witness.until('call_rejected', { callId }, 20_000);
  },
  async end({ doomed, witness, arm }: Cast) {
    const { callId } = await talk(doomed, witness);
    await arm();
    doomed.ask('end_call', { callId }).catch(() => {});
    return () => witness.until('call_ended', { callId, reason: 'hangup' }, 20_000);
  },
  async leave({ doomed, witness, arm }: Cast) {
    const { callId } = await talk(doomed, witness);
    await arm();
    doomed.ask('leave', {}).catch(() => {});
    return () => witness.until('call_ended', { callId, reason: 'peer_disconnected' }, 20_000);
  },
  async cancel({ doomed, witness, arm }: Cast) {
    const callId = await doomed.call(witness);
    await witness.until('incoming_call', { callId });
    await arm();
    doomed.ask('end_call', { callId }).catch(() => {});
    return () => witness.until('call_ended', { callId, reason: 'cancelled' }, 20_000);
  },
  async place({ doomed, witness, arm }: Cast) {
    await arm();
    doomed.ask('call_user', { to: witness.id, callType: 'video', offer: OFFER }).catch(() => {});
    return () => witness.until('incoming_call', {}, 20_000);
  },
} as const;

describeOnRedis('a node that is killed between its commit and what comes of it', () => {
  test(`[NODE-8] ${RUNS} times: the peer learns of it within 10 s`, { timeout: 600_000 }, async () => {
    const fleet = await startFleet({ count: 1, args: ['--grace', '2s'] });
    const [living] = fleet.nodes;
    if (living === undefined) throw new Error('there is a node');
    const env = { REDIS_URL: `redis://127.0.0.1:${fleet.redis.port}` };
    const deeds = Object.entries(DEEDS);
    const took: Record<string, number[]> = {};
    await inSlices(
      Array.from({ length: RUNS }, (_, n) => n),
      AT_ONCE,
      async (n) => {
        const node = run([`doomed${n}`], { command: [process.execPath, PROGRAM], env });
        const { url } = await node.line('listening');
        const [doomed, witness] = [new Party(`doomed${n}`), new Party(`witness${n}`)];
        await Promise.all([doomed.joinAt(String(url)), witness.joinAt(living.url)]);
        const arm = async () => {
          node.child.kill('SIGUSR2');
          await node.line('armed');
        };
        const [name, deed] = deeds[n % deeds.length] ?? ['none', DEEDS.end];
        const learns = await deed({ doomed, witness, arm });
        const { signal } = await node.ended;
        const diedAt = performance.now();
        expect(signal).toBe('SIGKILL');
        const { at } = await learns();
        took[name] = [...(took[name] ?? []), at - diedAt];
        doomed.vanish();
        witness.vanish();
      },
    );
    const all = Object.values(took).flat();
    const longest = Object.entries(took).map(([name, values]) => [`${name}Max`, Math.max(...values)] as const);
    figures(`${RUNS} nodes killed between commit and emit`, {
      p50: quantile(all, 0.5),
      ...Object.fromEntries(longest),
    });
    expect(all).toHaveLength(RUNS);
    expect(Math.max(...all)).toBeLessThan(10_000);
    expect(living.isRunning()).toBe(true);
    // nobody is left: what rang or was talked in ends with its last party
    await expect.poll(() => fleet.liveCalls(), { timeout: 40_000, interval: 500 }).toEqual([]);
  });
});
