import { describe, expect, test } from 'vitest';
import { guardedSight, type SeeHook } from '../src/hooks.ts';
import { type Logger, silentLogger } from '../src/log.ts';
import { seenOf } from '../src/presence/sight.ts';
import { FakeClock } from '../src/testing/index.ts';

const ann = { id: 'ann', username: 'Ann' };
const ben = { id: 'ben', username: 'Ben' };
const cleo = { id: 'cleo', username: 'Cleo' };

function guard(hook: SeeHook | undefined) {
  const clock = new FakeClock();
  const logged: object[] = [];
  const log: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
  return { canSee: guardedSight(hook, { clock, log }), clock, logged };
}

describe('canSee', () => {
  test('[SEE-1] is not there without a hook, so that nobody is asked about', () => {
    expect(guard(undefined).canSee).toBeUndefined();
  });

  test('[SEE-1] is what the hook says, but everybody sees themselves', () => {
    const { canSee, logged } = guard((viewer, other) => viewer.id === 'ann' && other.id === 'ben');
    expect([canSee?.(ann, ben), canSee?.(ben, ann), canSee?.(ben, ben)]).toEqual([true, false, true]);
    expect(logged).toEqual([]);
  });

  const failing: [string, SeeHook][] = [
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['answers later', () => Promise.resolve(true) as unknown as boolean],
    ['rejects', () => Promise.reject(new Error('too late')) as unknown as boolean],
    ['answers what is no boolean', () => 'yes' as unknown as boolean],
  ];
  test.each(failing)('[SEE-1] shows nobody when the hook %s, and logs that, once in 10 s', async (_, hook) => {
    const { canSee, clock, logged } = guard(hook);
    for (let time = 0; time < 1_000; time += 1) expect(canSee?.(ann, ben)).toBe(false);
    expect(logged).toEqual([{ err: expect.any(Error), userId: 'ann' }]);
    await clock.advance(9_999);
    canSee?.(ann, ben);
    expect(logged).toHaveLength(1);
    await clock.advance(1);
    canSee?.(ann, ben);
    expect(logged).toHaveLength(2);
  });

  test('[SEE-1] may do with what it is given what it likes', () => {
    const { canSee } = guard((viewer, other) =>
      Boolean(Object.assign(viewer, { id: 'x' }, Object.assign(other, cleo))),
    );
    const listed = { ...ben, isOnline: true, socketId: 'secret' };
    expect(canSee?.(ann, listed)).toBe(true);
    expect([ann.id, listed]).toEqual(['ann', { ...ben, isOnline: true, socketId: 'secret' }]);
  });

  test('[SEE-1] is told ids and names, and nothing else', () => {
    const asked: object[] = [];
    const { canSee } = guard((viewer, other) => asked.push(viewer, other) > 0);
    canSee?.(ann, Object.assign({ isOnline: true, socketId: 'secret' }, ben));
    canSee?.({ id: '' }, { id: 'cleo' });
    expect(asked).toEqual([ann, ben, { id: '' }, { id: 'cleo' }]);
  });
});

describe('what somebody may see of a change', () => {
  const change = { joined: [ann, ben], left: ['cleo', 'dan'] };
  const formerNames = new Map([
    ['cleo', 'Cleo'],
    ['dan', 'Dan'],
  ]);

  test('[SEE-1] is all of it, the same object, for who sees everybody', () => {
    expect(seenOf({ change, formerNames }, undefined)).toBe(change);
  });

  test('[SEE-1] is those whom they may see, who left by the name that they had', () => {
    const sees = ({ username }: { username?: string }) => username === 'Ann' || username === 'Dan';
    expect(seenOf({ change, formerNames }, sees)).toEqual({ joined: [ann], left: ['dan'] });
  });

  test('[SEE-1] says of one who may not be seen under a new name that they left, if they were seen', () => {
    const renamed = { change: { joined: [{ id: 'ben', username: 'Secret' }, cleo], left: [] } };
    const sees = ({ username }: { username?: string }) => username !== 'Secret' && username !== 'Cleo';
    const known = new Map([['ben', 'Ben']]);
    expect(seenOf({ ...renamed, formerNames: known }, sees)).toEqual({ joined: [], left: ['ben'] });
    expect(seenOf({ ...renamed, formerNames: new Map([['ben', 'Cleo']]) }, sees)).toEqual({ joined: [], left: [] });
  });
});
