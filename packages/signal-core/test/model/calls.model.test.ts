import { test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { inMemory } from './ground.ts';
import { FULL_SCALE_MS, tellStories } from './tell-stories.ts';

test(
  '[CALL-4] [CALL-21] [CALL-20] [CALL-18] [TALK-4] whatever three users with two devices each do, everybody tells the same story',
  () => tellStories('one node', { ground: inMemory(1), isRoaming: false }, scaled(60, 2_000)),
  FULL_SCALE_MS,
);

test(
  '[NODE-1] [NODE-2] [NODE-4] and so they do with a device of each at either of two nodes',
  () => tellStories('two nodes', { ground: inMemory(2), isRoaming: false }, scaled(30, 2_000)),
  FULL_SCALE_MS,
);

test(
  '[NODE-1] [NODE-5] and so they do when a device comes back at another node each time',
  () => tellStories('two nodes, roaming', { ground: inMemory(2), isRoaming: true }, scaled(30, 2_000)),
  FULL_SCALE_MS,
);
