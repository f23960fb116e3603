import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { isLive, type User } from '../../src/domain/call.ts';
import type { CallStore } from '../../src/stores/call-store.ts';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { RedisCallStore } from '../../src/stores/redis/redis-call-store.ts';
import { RedisLink } from '../../src/stores/redis/redis-link.ts';
import {
  changing,
  placing,
  SAMPLE_TIME,
  sampleActive,
  sampleEnded,
  sampleRinging,
} from '../../src/testing/sample-calls.ts';
import { scaled } from '../domain/scale.ts';
import { Dice } from '../fuzz/dice.ts';
import { checkingFirst, claimingNothing, ignoringLines } from '../stores/faulty-stores.ts';
import { isLinearizable, type Timed } from './linearizable.ts';
import { describeOnRedis, type RedisConnection, sharedRedis } from './redis-process.ts';
import { type Access, recorded, sequentialStore } from './store-history.ts';

const HISTORIES = scaled(500, 20_000);
const FULL_SCALE_MS = 900_000;
const CONNECTIONS = 3;
const ACTIONS = 3;
const USERS: User[] = ['alice', 'bob', 'carol'].map((id) => ({ id, username: id }));
const CALLS = ['c1', 'c2'];
const NOW = SAMPLE_TIME + 50_000;

describe('the checker', () => {
  interface Register extends Timed {
    write?: number;
    read?: number;
  }
  const register = {
    initial: 0,
    step: (value: number, { write, read }: Register) => write ?? (read === value ? value : undefined),
  };

  test.each<[boolean, string, Register[]]>([
    [
      true,
      'a value that is read after it was written',
      [
        { write: 1, from: 0, until: 1 },
        { read: 1, from: 2, until: 3 },
      ],
    ],
    [
      false,
      'an old value that is read after a new one was written',
      [
        { write: 1, from: 0, until: 1 },
        { read: 0, from: 2, until: 3 },
      ],
    ],
    [
      true,
      'an old value that is read while a new one is written',
      [
        { write: 1, from: 0, until: 2 },
        { read: 0, from: 1, until: 3 },
      ],
    ],
    [
      false,
      'a new value, then an old one, while it is written',
      [
        { write: 1, from: 0, until: 5 },
        { read: 1, from: 1, until: 2 },
        { read: 0, from: 3, until: 4 },
      ],
    ],
    [
      false,
      'a value that nobody wrote',
      [
        { write: 1, from: 0, until: 2 },
        { read: 2, from: 1, until: 3 },
      ],
    ],
  ])('[STORE-8] answers %s for %s', (answer, _, history) => {
    expect(isLinearizable(history, register)).toBe(answer);
  });
});

describeOnRedis('on Redis', () => {
  const redis = sharedRedis();
  let connections: RedisConnection[];
  beforeAll(async () => {
    connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => redis().connect()));
  });

  const storesOf = () =>
    connections.map((client) => new RedisCallStore(new RedisLink(client), new RedisKeys('test').in('')));

  async function historyOf(stores: CallStore[], dice: Dice): Promise<Access[]> {
    await connections[0]?.flushDb();
    const history: Access[] = [];
    let time = 0;
    const tick = () => time++;
    const act = async (store: CallStore) => {
      for (let n = 0; n < ACTIONS; n += 1) {
        for (let turns = dice.int(4); turns > 0; turns -= 1) await nextTurn();
        await actOnce(store, dice, tick);
      }
    };
    await Promise.all(stores.map((store) => act(recorded(store, history, tick))));
    return history;
  }

  test(
    '[STORE-8] whatever several nodes read and write at once, it is as if it had happened one after the other',
    async () => {
      const seed = Date.now() % 2 ** 31;
      const tally = { histories: 0, accesses: 0, written: 0, refused: 0, claimed: 0 };
      const dice = new Dice(seed);
      const stores = storesOf();
      for (; tally.histories < HISTORIES; tally.histories += 1) {
        const history = await historyOf(stores, dice);
        const explain = () => `seed ${seed}:\n${history.map((access) => JSON.stringify(access)).join('\n')}`;
        if (!isLinearizable(history, sequentialStore)) throw new Error(explain());
        tally.accesses += history.length;
        tally.written += history.filter((access) => 'commit' in access && access.answer).length;
        tally.refused += history.filter((access) => 'commit' in access && !access.answer).length;
        tally.claimed += history.filter((access) => 'claimAt' in access && access.answer.length > 0).length;
      }
      process.stdout.write(`linearizable: ${JSON.stringify(tally)}\n`);
      expect(tally.refused).toBeGreaterThan(HISTORIES / 10);
      expect(tally.claimed).toBeGreaterThan(HISTORIES / 20);
    },
    FULL_SCALE_MS,
  );

  test.each([
    ['reads, compares, then writes', checkingFirst],
    ['ignores the versions of lines', ignoringLines],
    ['claims nothing', claimingNothing],
  ])('[STORE-8] a store that %s is caught', async (_, faulty) => {
    const dice = new Dice(1);
    const stores = storesOf().map((store) => faulty(store));
    let found = 0;
    for (let n = 0; n < 300 && found === 0; n += 1) {
      found += isLinearizable(await historyOf(stores, dice), sequentialStore) ? 0 : 1;
    }
    expect(found).toBe(1);
  });
});

/** Places a call, changes one, or has a look. What is written is never the same twice. */
async function actOnce(store: CallStore, dice: Dice, tick: () => number): Promise<void> {
  const id = dice.pick(CALLS);
  const dueAt = NOW + dice.pick([-1_000, 1_000]) + tick();
  switch (dice.int(5)) {
    case 0:
    case 1: {
      const [from, to] = dice.pick([USERS, USERS.toReversed(), USERS.slice(1)]);
      if (from === undefined || to === undefined) return;
      await store.commit(await placing(store, sampleRinging(id, { from, to, dueAt })));
      return;
    }
    case 2:
    case 3: {
      const call = await store.get(id);
      if (call === undefined || !isLive(call)) return;
      const isAnswered = call.status === 'ringing' && dice.chance(0.5);
      await store.commit(changing(isAnswered ? sampleActive(call, dueAt) : sampleEnded(call, SAMPLE_TIME + tick())));
      return;
    }
    default:
      if (dice.chance(0.5)) await store.claimDue(NOW, 10);
      else await store.line(dice.pick(USERS).id);
  }
}
