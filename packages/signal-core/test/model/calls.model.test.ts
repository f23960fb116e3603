import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaled } from '../domain/scale.ts';
import { checkEnd } from './invariants.ts';
import { STEPS } from './step.ts';
import { World } from './world.ts';

/** Two thousand stories take longer than other tests. */
const FULL_SCALE_MS = 900_000;

test(
  '[CALL-4] [CALL-21] [CALL-20] [CALL-18] [TALK-4] whatever three users with two devices each do, everybody tells the same story',
  () => tellStories({ nodes: 1, isRoaming: false }, scaled(60, 2_000)),
  FULL_SCALE_MS,
);

test(
  '[NODE-1] [NODE-2] [NODE-4] and so they do with a device of each at either of two nodes',
  () => tellStories({ nodes: 2, isRoaming: false }, scaled(30, 2_000)),
  FULL_SCALE_MS,
);

test(
  '[NODE-1] [NODE-5] and so they do when a device comes back at another node each time',
  () => tellStories({ nodes: 2, isRoaming: true }, scaled(30, 2_000)),
  FULL_SCALE_MS,
);

async function tellStories(places: { nodes: number; isRoaming: boolean }, numRuns: number): Promise<void> {
  const tally = { ...places, steps: 0, calls: 0, answered: 0, words: 0 };
  const property = fc.asyncProperty(
    fc.constantFrom(1, 1, 2),
    fc.commands(STEPS, { maxCommands: 40, size: 'max' }),
    async (maxCallsPerUser, commands) => {
      const world = await World.create(maxCallsPerUser, places);
      try {
        await fc.asyncModelRun(() => ({ model: { world }, real: world }), commands);
        await world.finish();
        await checkEnd(world);
        count(tally, world);
      } catch (error) {
        throw new Error(`this is what happened:\n${world.diary.join('\n')}`, { cause: error });
      } finally {
        await world.close();
      }
      expect(world.clock.pending).toBe(0);
    },
  );
  await fc.assert(property, { numRuns });
  process.stdout.write(`model: ${JSON.stringify(tally)}\n`);
}

/** How much there was to see. */
function count(tally: { steps: number; calls: number; answered: number; words: number }, world: World): void {
  const histories = [...world.truth.histories.values()];
  tally.steps += world.diary.length;
  tally.calls += histories.length;
  tally.answered += histories.filter((history) => history.some((call) => call.status === 'active')).length;
  tally.words += world.words.last;
}
