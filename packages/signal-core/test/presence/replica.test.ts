import { describe, expect, test } from 'vitest';
import { Replica } from '../../src/presence/replica.ts';

const user = (id: string, username = id, socketId = `s of ${id}`) =>
  ({ id, username, isOnline: true, socketId }) as const;
const ref = (id: string, username = id) => ({ id, username });

/** A replica in which these users are online, and published. */
function replica(...ids: string[]): Replica {
  const kept = new Replica();
  for (const id of ids) kept.put(user(id));
  kept.publish();
  return kept;
}

/** Publishes that many batches: one user comes and goes. */
function publishTimes(kept: Replica, times: number): void {
  for (let time = 0; time < times; time += 1) {
    if (!kept.delete('restless')) kept.put(user('restless'));
    expect(kept.publish()?.change).toBeDefined();
  }
}

describe('a batch', () => {
  test('[PRES-6] tells who joined and who left since the one before, and has the next number', () => {
    const kept = replica('ann', 'ben');
    const { epoch } = kept.point();
    kept.put(user('cleo'));
    kept.put(user('dan', 'Dan'));
    kept.delete('ann');
    expect(kept.publish()?.change).toEqual({
      epoch,
      version: 2,
      joined: [ref('cleo'), ref('dan', 'Dan')],
      left: ['ann'],
    });
    kept.put(user('ann'));
    expect(kept.publish()?.change).toEqual({ epoch, version: 3, joined: [ref('ann')], left: [] });
  });

  test('[PRES-6] that cancels out is none, and takes no number', () => {
    const kept = replica('ann');
    kept.put(user('ben'));
    kept.delete('ben');
    kept.delete('ann');
    kept.put(user('ann'));
    kept.put(user('ann', 'Anna'));
    kept.put(user('ann'));
    expect(kept.publish()?.change).toBeUndefined();
    expect(kept.point().version).toBe(1);
    expect(kept.publish()?.change).toBeUndefined();
  });

  test('[PRES-6] tells of a new name as of who joined', () => {
    const kept = replica('ann');
    expect(kept.put(user('ann', 'Anna'))).toBe(true);
    expect(kept.publish()?.change).toMatchObject({ version: 2, joined: [ref('ann', 'Anna')], left: [] });
  });

  test('[PRES-6] does not tell of another connection of the same user', () => {
    const kept = replica('ann');
    expect(kept.put(user('ann', 'ann', 'another socket'))).toBe(false);
    expect(kept.publish()?.change).toBeUndefined();
    expect(kept.list()).toEqual([user('ann', 'ann', 'another socket')]);
  });

  test('[PRES-6] shows no connection of anybody', () => {
    const kept = new Replica();
    kept.put(user('ann'));
    expect(JSON.stringify(kept.publish()?.change)).not.toContain('s of ann');
  });

  test('[PRES-7] tells what was shown to somebody before its publication, even when it cancels out', () => {
    const kept = replica('ann');
    kept.put(user('ben'));
    kept.delete('ann');
    kept.point();
    kept.delete('ben');
    kept.put(user('ann'));
    expect(kept.publish()?.change).toMatchObject({ version: 2, joined: [ref('ann')], left: ['ben'] });
  });

  test('[PRES-6] does not tell what cancelled out before somebody looked', () => {
    const kept = replica('ann');
    kept.put(user('ben'));
    kept.delete('ben');
    kept.point();
    expect(kept.publish()?.change).toBeUndefined();
  });
});

describe('what changed since', () => {
  test('[PRES-8] is all of it in one, the last word on each user', () => {
    const kept = replica('ann', 'ben');
    const since = kept.point();
    kept.delete('ann');
    kept.put(user('cleo'));
    kept.publish();
    kept.put(user('cleo', 'Cleo'));
    kept.publish();
    kept.put(user('ann'));
    kept.delete('ben');
    kept.publish();
    const change = { epoch: since.epoch, version: 4, joined: [ref('cleo', 'Cleo'), ref('ann')], left: ['ben'] };
    expect(kept.changeSince(since)).toEqual(change);
    expect(kept.changeSince({ ...since, version: 4 })).toEqual({ ...change, joined: [], left: [] });
  });

  test('[PRES-8] holds what is not published yet, and that is published all the same', () => {
    const kept = replica('ann');
    const since = kept.point();
    kept.put(user('ben'));
    expect(kept.changeSince(since)).toEqual({ ...since, joined: [ref('ben')], left: [] });
    kept.delete('ben');
    expect(kept.changeSince(since)).toEqual({ ...since, joined: [], left: ['ben'] });
    expect(kept.publish()?.change).toMatchObject({ version: 2, joined: [], left: ['ben'] });
  });

  test.each([
    [999, true],
    [1_000, true],
    [1_001, false],
  ])('[PRES-8] is known of the last %d versions: %s', (missed, isKnown) => {
    const kept = replica('ann');
    const since = kept.point();
    publishTimes(kept, missed);
    const joined = missed % 2 === 1 ? [ref('restless')] : [];
    const left = missed % 2 === 1 ? [] : ['restless'];
    expect(kept.changeSince(since)).toEqual(
      isKnown ? { epoch: since.epoch, version: 1 + missed, joined, left } : undefined,
    );
    expect(kept.changeSince({ ...since, version: 2 })).toMatchObject({ version: 1 + missed });
  });

  test('[PRES-8] is known from the beginning while there were no more than 1,000', () => {
    const kept = new Replica();
    const { epoch } = kept.point();
    publishTimes(kept, 3);
    expect(kept.changeSince({ epoch, version: 0 })).toMatchObject({ version: 3, joined: [ref('restless')] });
  });

  test('[PRES-8] is not known of another epoch, or of the future', () => {
    const kept = replica('ann');
    const { epoch, version } = kept.point();
    expect(kept.changeSince({ epoch: new Replica().point().epoch, version })).toBeUndefined();
    expect(kept.changeSince({ epoch: '', version })).toBeUndefined();
    expect(kept.changeSince({ epoch, version: version + 1 })).toBeUndefined();
    expect(kept.changeSince({ epoch, version: Number.MAX_SAFE_INTEGER })).toBeUndefined();
  });
});

describe('the list', () => {
  test('[PRES-2] as JSON is the list as it is now', () => {
    const kept = new Replica();
    expect([kept.encodedList().users, kept.encodedList().refs]).toEqual(['[]', '[]']);
    kept.put(user('ann', 'Ann "the first" \u2028'));
    kept.put(user('ben'));
    expect(JSON.parse(kept.encodedList().users)).toEqual(kept.list());
    kept.put(user('ann', 'Ann', 'another socket'));
    kept.delete('ben');
    kept.put(user('cleo'));
    expect(JSON.parse(kept.encodedList().users)).toEqual([user('ann', 'Ann', 'another socket'), user('cleo')]);
  });

  test('[PRES-7] has an epoch of its own, of eight characters', () => {
    const [one, other] = [new Replica(), new Replica()];
    expect(one.point().epoch).toMatch(/^[0-9a-f]{8}$/);
    expect(one.point().epoch).not.toBe(other.point().epoch);
  });
});

test('[PRES-8] more changes than there are users are not summed up: the list is shorter', () => {
  const replica = new Replica();
  const since = replica.point();
  const put = (n: number) => replica.put({ id: `user ${n}`, username: `User ${n}`, isOnline: true, socketId: 's' });
  for (let n = 0; n < 1_000; n += 1) put(n);
  replica.publish();
  expect(replica.changeSince(since)?.joined).toHaveLength(1_000);
  replica.delete('user 0');
  expect(replica.changeSince(since)).toBeUndefined();
});
