import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ANSWER, OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { run } from '../server-process.ts';
import { comingBack } from './calls-that-go-on.ts';
import { counted, figures, quantile } from './figures.ts';
import { startFleet } from './fleet.ts';
import { Party } from './party.ts';

const PROGRAM = fileURLToPath(new URL('faulty-node.mjs', import.meta.url));

const PAIRS = 20;
const CALLS_EACH = counted(3, 25);
const SOON_MS = 10_000;

/** What one end of a call knows of it; it only goes on. */
const KNOWS = { nothing: 0, rings: 1, talks: 2, over: 3 } as const;
type Knowledge = (typeof KNOWS)[keyof typeof KNOWS];

const TOLD: Record<string, Knowledge> = {
  incoming_call: KNOWS.rings,
  call_accepted: KNOWS.talks,
  call_rejected: KNOWS.over,
  call_ended: KNOWS.over,
};

function knowledge({ heard }: Party, callId: string): Knowledge {
  let known: Knowledge = KNOWS.nothing;
  for (const { event, payload } of heard) {
    if (event === 'join_success') known = listed(payload.calls, callId, known);
    else if (payload.callId === callId) known = Math.max(known, TOLD[event] ?? 0) as Knowledge; // the greater of two
  }
  return known;
}

/** Who comes back is told which calls live; what it knew of and is not among them is over. */
function listed(calls: unknown, callId: string, before: Knowledge): Knowledge {
  const call = Array.isArray(calls) ? calls.find((each) => Object(each).callId === callId) : undefined;
  if (call === undefined) return before === KNOWS.nothing ? before : KNOWS.over;
  return Object(call).status === 'active' ? KNOWS.talks : KNOWS.rings;
}

/** Asks until it is answered, as clients do: a connection that misses something is closed, and comes back. */
async function persist(party: Party, event: string, payload: object): Promise<void> {
  const until = performance.now() + SOON_MS;
  for (;;) {
    const answer = await party.ask(event, payload, 1_000).catch(() => undefined);
    if (answer?.ok) return;
    if (performance.now() > until) throw new Error(`${party.id}: ${event} was refused: ${answer?.code ?? 'no answer'}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describeOnRedis('messages between nodes', () => {
  test(`[NODE-2] [NODE-8] 5 % lost, 5 % twice, 5 % late: ${PAIRS * CALLS_EACH} calls are right on both sides within 10 s`, {
    timeout: 300_000,
  }, async () => {
    const fleet = await startFleet({ count: 0 });
    const env = { REDIS_URL: `redis://127.0.0.1:${fleet.redis.port}` };
    const nodes = [0, 1].map(() => run([], { command: [process.execPath, PROGRAM], env }));
    const urls = await Promise.all(nodes.map(async (node) => String((await node.line('listening')).url)));
    const [one = '', two = ''] = urls;
    const took: number[] = [];
    const learns = async (party: Party, callId: string, what: Knowledge) => {
      const since = performance.now();
      const patience = { timeout: SOON_MS, interval: 10 };
      await expect.poll(() => knowledge(party, callId), patience).toBeGreaterThanOrEqual(what);
      took.push(performance.now() - since);
    };
    const parties: Party[] = [];
    const losses: (() => number)[] = [];
    await Promise.all(
      Array.from({ length: PAIRS }, async (_, pair) => {
        const [caller, callee] = [new Party(`caller${pair}`), new Party(`callee${pair}`)];
        parties.push(caller, callee);
        await Promise.all([caller.joinAt(one), callee.joinAt(two)]);
        losses.push(comingBack([caller], [one]).losses, comingBack([callee], [two]).losses);
        for (let n = 0; n < CALLS_EACH; n += 1) {
          const callId = `pair${pair}-${n}`;
          await persist(caller, 'call_user', { to: callee.id, callType: 'video', offer: OFFER, callId });
          await learns(callee, callId, KNOWS.rings);
          await persist(callee, 'accept_call', { callId, answer: ANSWER });
          await learns(caller, callId, KNOWS.talks);
          for (let word = 0; word < 5; word += 1) callee.ask('call_info', { callId, data: word }).catch(() => {});
          const [ends, hears] = n % 2 === 0 ? [caller, callee] : [callee, caller];
          await persist(ends, 'end_call', { callId });
          await learns(hears, callId, KNOWS.over);
        }
      }),
    );
    const counts = await Promise.all(
      nodes.map(async (node) => {
        node.child.kill('SIGUSR2');
        return node.line('counted');
      }),
    );
    const sum = (name: string) => counts.reduce((total, each) => total + Number(each[name]), 0);
    figures(`${PAIRS * CALLS_EACH} calls over faulty messages`, {
      told: took.length,
      max: Math.max(...took),
      p99: quantile(took, 0.99),
      sent: sum('sent'),
      lost: sum('lost'),
      twice: sum('twice'),
      late: sum('late'),
      interruptions: losses.reduce((total, each) => total + each(), 0),
    });
    expect(took).toHaveLength(PAIRS * CALLS_EACH * 3);
    expect(sum('lost')).toBeGreaterThan(0);
    expect(await fleet.liveCalls()).toEqual([]);
    for (const party of parties) party.vanish();
  });
});
