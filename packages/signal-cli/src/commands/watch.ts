import type { Context } from './context.js';
import { online } from './online.js';
import { showTimeline } from './show-timeline.js';
import { untilStopped } from './until-stopped.js';

/** Prints everything that this user receives, one line an event, until interrupted. */
export async function watch(context: Context): Promise<number> {
  const show = showTimeline(context.output);
  return online(
    context,
    {
      presence: 'full',
      observe: (entry) => {
        if (entry.direction !== 'sent') show(entry);
      },
    },
    (client) => untilStopped(context, client),
  );
}
