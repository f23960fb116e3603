import { type Shown, show } from '../../screen/show.js';
import type { LoadPlan } from '../plan.js';
import type { RunControl } from '../run-control.js';
import { liveLines } from './live-lines.js';
import type { LiveRun } from './live-run.js';

/** Shows a run until it is over. */
export function showLiveRun(plan: LoadPlan, live: LiveRun, control: RunControl): Promise<Shown> {
  return show({
    ...live,
    draw: (state, room) => liveLines(plan, state, room),
    onKey: (key) => live.press(key, control),
  });
}
