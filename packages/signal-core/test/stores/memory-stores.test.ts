import {
  callStoreContract,
  presenceStoreContract,
  rateLimitStoreContract,
  restoreStoreContract,
  userDirectoryContract,
} from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { MemoryCallStore } from '../../src/stores/memory/memory-call-store.ts';
import { MemoryPresenceStore } from '../../src/stores/memory/memory-presence-store.ts';
import { MemoryRateLimitStore } from '../../src/stores/memory/memory-rate-limit-store.ts';
import { MemoryRestoreStore } from '../../src/stores/memory/memory-restore-store.ts';
import { MemoryUserDirectory } from '../../src/stores/memory/memory-user-directory.ts';

describe('MemoryCallStore', () => {
  for (const { name, run } of callStoreContract) test(name, () => run(() => new MemoryCallStore()));
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
