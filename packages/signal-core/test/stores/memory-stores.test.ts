import {
  callStoreContract,
  presenceStoreContract,
  rateLimitStoreContract,
  restoreStoreContract,
  revocationStoreContract,
  scopesContract,
  userDirectoryContract,
} from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import type { RestoreClaim } from '../../src/domain/restore-call.ts';
import { MemoryCallStore } from '../../src/stores/memory/memory-call-store.ts';
import { MemoryPresenceStore } from '../../src/stores/memory/memory-presence-store.ts';
import { MemoryRateLimitStore } from '../../src/stores/memory/memory-rate-limit-store.ts';
import { MemoryRestoreStore } from '../../src/stores/memory/memory-restore-store.ts';
import { MemoryRevocationStore } from '../../src/stores/memory/memory-revocation-store.ts';
import { createMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { MemoryUserDirectory } from '../../src/stores/memory/memory-user-directory.ts';
import { changing, placing, SAMPLE_TIME, sampleEnded, sampleRinging } from '../../src/testing/sample-calls.ts';

const CLAIM: RestoreClaim = {
  callId: 'c1',
  device: 'alice/laptop',
  user: { id: 'alice', username: 'Alice' },
  peer: 'bob',
  role: 'caller',
  callType: 'video',
  scope: 'red',
};

describe('MemoryCallStore', () => {
  for (const { name, run } of callStoreContract) test(name, () => run(() => new MemoryCallStore()));
});

describe('the scopes', () => {
  for (const { name, run } of scopesContract) test(name, () => run(() => createMemoryStores()));

  test('[STORE-10] that hold nothing any more are forgotten, and read as empty', async () => {
    const stores = createMemoryStores();
    const { calls, restores } = stores.in('red');
    const call = sampleRinging('c1');
    await calls.commit(await placing(calls, call));
    await calls.commit(changing(sampleEnded(call)));
    await restores.file(CLAIM, 0, SAMPLE_TIME + 200_000);
    await calls.claimDue(SAMPLE_TIME + 121_000, 10);
    expect(await calls.get('c1')).toMatchObject({ status: 'ended' });
    await calls.claimDue(SAMPLE_TIME + 199_999, 10);
    expect(await stores.scopes()).toEqual(['red']);
    await calls.claimDue(SAMPLE_TIME + 200_000, 10);
    expect(await stores.scopes()).toEqual([]);
    expect(await calls.line('alice')).toEqual({ userId: 'alice', version: 0, calls: [] });
    expect(await restores.withdraw('c1', CLAIM.user)).toBe(false);
    for (let n = 0; n < 10; n += 1) await stores.in(`read ${n}`).calls.get('c1');
    expect(await stores.scopes()).toEqual([]);
  });
});

describe('MemoryPresenceStore', () => {
  for (const { name, run } of presenceStoreContract) test(name, () => run(() => new MemoryPresenceStore()));
});

describe('MemoryRestoreStore', () => {
  for (const { name, run } of restoreStoreContract) test(name, () => run(() => new MemoryRestoreStore()));
});

describe('MemoryRateLimitStore', () => {
  for (const { name, run } of rateLimitStoreContract) test(name, () => run(() => new MemoryRateLimitStore()));

  test('[LIMIT-6] whose bucket is full is forgotten, and of 100,000 others whoever came least lately', async () => {
    const rates = new MemoryRateLimitStore();
    const rate = { perMinute: 1, burst: 1 };
    for (let n = 0; n < 100_001; n += 1) await rates.take(`name ${n}`, rate, 0);
    expect(rates.size).toBe(100_000);
    expect(await rates.take('name 0', rate, 1)).toBe(0);
    expect(await rates.take('name 2', rate, 1)).toBeGreaterThan(0);
    await rates.take('a minute later', rate, 60_000);
    expect(rates.size).toBe(2);
  });
});

describe('MemoryRevocationStore', () => {
  for (const { name, run } of revocationStoreContract) test(name, () => run(() => new MemoryRevocationStore()));
});

describe('MemoryUserDirectory', () => {
  for (const { name, run } of userDirectoryContract) test(name, () => run(() => new MemoryUserDirectory()));

  test('[REST-5] the longest unseen of 100,000 users makes room for the next', async () => {
    const users = new MemoryUserDirectory();
    const remember = (index: number) => users.remember({ id: `user-${index}`, username: 'User' }, index);
    for (let index = 0; index < 100_000; index += 1) await remember(index);
    await remember(0);
    await remember(100_000);
    expect(await users.get('user-1')).toBeUndefined();
    expect(await users.get('user-0')).toBeDefined();
    expect((await users.list()).length).toBe(100_000);
  });
});
