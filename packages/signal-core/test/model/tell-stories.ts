import fc from 'fast-check';
import { expect } from 'vitest';
import { checkEnd } from './invariants.ts';
import { STEPS } from './step.ts';
import { type Places, World } from './world.ts';

/** Two thousand stories take longer than other tests, in milliseconds. */
export const FULL_SCALE_MS = 1_800_000;

/** Tells so many stories, each with other deeds, and sees to it that all who were in it tell the same one. */
export async function tellStories(name: string, places: Places, numRuns: number): Promise<void> {
  const tally = { name, stories: 0, steps: 0, calls: 0, answered: 0, words: 0, cutOff: 0, mended: 0 };
  const property = fc.asyncProperty(
    fc.constantFrom(1, 1, 2),
    fc.nat(),
    fc.commands(STEPS, { maxCommands: 40, size: 'max' }),
    async (maxCallsPerUser, seed, commands) => {
      const world = await World.create(maxCallsPerUser, places, seed);
      try {
        await fc.asyncModelRun(() => ({ model: { world }, real: world }), commands);
        await world.finish();
        await world.agree(checkEnd);
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

type Tally = Record<'stories' | 'steps' | 'calls' | 'answered' | 'words' | 'cutOff' | 'mended', number>;

/** How much there was to see. */
function count(tally: Tally, world: World): void {
  const histories = [...world.truth.histories.values()];
  tally.stories += 1;
  tally.steps += world.diary.length;
  tally.calls += histories.length;
  tally.answered += histories.filter((history) => history.some((call) => call.status === 'active')).length;
  tally.words += world.words.last;
  tally.cutOff += world.cutOff;
  tally.mended += world.mended;
}
