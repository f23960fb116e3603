import { test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { overFaultyBus } from './ground.ts';
import { FULL_SCALE_MS, tellStories } from './tell-stories.ts';
import { ALL_FULL } from './world.ts';

test(
  '[NODE-2] [NODE-4] [NODE-8] of the messages between nodes 5 %, or 40 %, are lost, as many come twice, and late: in 10 s everybody tells the same story',
  () => tellStories('faulty bus', { ground: overFaultyBus, isRoaming: false }, scaled(100, 1_000)),
  FULL_SCALE_MS,
);

test(
  '[NODE-2] [NODE-4] [NODE-5] [NODE-8] and so they do when a device comes back at another node each time',
  () =>
    tellStories('faulty bus, roaming', { ground: overFaultyBus, isRoaming: true, kinds: ALL_FULL }, scaled(100, 1_000)),
  FULL_SCALE_MS,
);
