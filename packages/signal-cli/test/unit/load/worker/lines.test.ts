import { expect, it } from 'vitest';
import { randomOf } from '../../../../src/load/random.js';
import { Lines } from '../../../../src/load/worker/lines.js';
import type { LoadUser } from '../../../../src/load/worker/load-user.js';
import { numbersOf } from '../../../../src/load/worker/population.js';

/** What is looked at of a user. */
function usersOf(count: number): LoadUser[] {
  return Array.from({ length: count }, (_, number) => ({ name: `u${number}`, isOnline: true }) as LoadUser);
}

const urls = ['http://localhost:1/'];

it('[LOAD-1] workers share the users by pairs, each user once', () => {
  expect(numbersOf({ users: 10, workers: 2 }, 0)).toEqual([0, 1, 4, 5, 8, 9]);
  expect(numbersOf({ users: 10, workers: 2 }, 1)).toEqual([2, 3, 6, 7]);
  expect(numbersOf({ users: 5, workers: 1 }, 0)).toEqual([0, 1, 2, 3]);
});

it('[LOAD-4] nobody is in two calls, and whoever is free is found', () => {
  const lines = new Lines({ topology: 'pairs', urls }, usersOf(6), randomOf(1, 0));
  const pairs = [lines.take(), lines.take(), lines.take()].filter((pair) => pair !== undefined);
  expect(new Set(pairs.flatMap(({ caller, callee }) => [caller.name, callee.name])).size).toBe(6);
  expect(lines.take()).toBeUndefined();
  const [first] = pairs;
  if (first === undefined) throw new Error('nobody was free');
  lines.release(first);
  expect(lines.take()).toBeDefined();
});

it('[LOAD-11] with two servers callers are at the first, callees at the second', () => {
  const lines = new Lines({ topology: 'pairs', urls: [...urls, ...urls] }, usersOf(4), randomOf(1, 0));
  const numberOf = ({ name }: LoadUser) => Number(name.slice(1));
  for (const pair of [lines.take(), lines.take()]) {
    expect([pair && numberOf(pair.caller) % 2, pair && numberOf(pair.callee) % 2]).toEqual([0, 1]);
  }
});

it('a hot callee is called by all others, busy or not; who is offline by nobody', () => {
  const users = usersOf(4);
  const lines = new Lines({ topology: 'hot-callee', urls }, users, randomOf(1, 0));
  expect([lines.take(), lines.take()].map((pair) => pair?.callee.name)).toEqual(['u1', 'u1']);
  for (const user of users) user.isOnline = false;
  expect(lines.take()).toBeUndefined();
});
