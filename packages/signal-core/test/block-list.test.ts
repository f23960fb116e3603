import { BlockList } from 'signal-core';
import { expect, test } from 'vitest';

test('[SEE-3] whom a user blocks may not see that user; the other way round nothing changes', () => {
  const blocks = new BlockList();
  const { canSee } = blocks;
  expect(canSee({ id: 'mallory' }, { id: 'ann' })).toBe(true);
  expect(blocks.block('ann', 'mallory')).toBe(true);
  expect(blocks.isBlocked('ann', 'mallory')).toBe(true);
  expect(blocks.isBlocked('mallory', 'ann')).toBe(false);
  expect(canSee({ id: 'mallory' }, { id: 'ann' })).toBe(false);
  expect(canSee({ id: 'ann' }, { id: 'mallory' })).toBe(true);
  expect(canSee({ id: 'ben' }, { id: 'ann' })).toBe(true);
});

test('[SEE-3] a block is taken back, once', () => {
  const blocks = new BlockList([['ann', 'mallory']]);
  expect(blocks.block('ann', 'mallory')).toBe(false);
  expect(blocks.unblock('ann', 'mallory')).toBe(true);
  expect(blocks.unblock('ann', 'mallory')).toBe(false);
  expect(blocks.unblock('nobody', 'mallory')).toBe(false);
  expect(blocks.canSee({ id: 'mallory' }, { id: 'ann' })).toBe(true);
  expect([...blocks]).toEqual([]);
});

test('[SEE-3] a list is kept as JSON, and made of it', () => {
  const blocks = new BlockList();
  blocks.block('ann', 'mallory');
  blocks.block('ben', 'mallory');
  blocks.block('ann', '__proto__');
  const stored: [string, string][] = JSON.parse(JSON.stringify(blocks));
  expect(stored).toEqual([
    ['ann', 'mallory'],
    ['ann', '__proto__'],
    ['ben', 'mallory'],
  ]);
  expect([...new BlockList(stored)]).toEqual(stored);
});
