import { frameLines } from '../dashboard/frame-lines.js';
import { LiveSession } from '../dashboard/live-session.js';
import { readFigures } from '../dashboard/server/read-figures.js';
import { emptyDashboard } from '../dashboard/state.js';
import { Store } from '../dashboard/store.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../screen/show.js';
import type { TimelineEntry } from '../session/timeline.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { peerFactory } from './make-peer.js';
import { online } from './online.js';
import { untilInterrupted, untilLost } from './until-stopped.js';

/** The dashboard: who is online, calls placed and taken by keys, and all that goes over the wire. */
export async function dashboard(context: Context): Promise<number> {
  const { settings, signal } = context;
  let observe: (entry: TimelineEntry) => void;
  const early: TimelineEntry[] = [];
  observe = (entry) => early.push(entry);
  return online(context, { presence: 'delta', observe: (entry) => observe(entry) }, async (client, identity) => {
    const store = new Store(emptyDashboard(client.user, settings.url.host, Date.now()));
    const makePeer = await peerFactory({
      rtc: false,
      client,
      username: client.user.username,
      observe: (entry) => observe(entry),
    });
    const session = new LiveSession({
      client,
      makePeer: (callType) => makePeer({ callType }),
      readFigures: () => readFigures(settings.url, identity.token),
      timeoutMs: settings.timeout ?? STEP_TIMEOUT_MS,
      tell: (happening) => store.tell(happening),
    });
    observe = (entry) => session.observe(entry);
    for (const entry of early) session.observe(entry);
    const screen = await show({
      ...store,
      draw: frameLines,
      onKey(key, leave) {
        const wish = store.press(key);
        if (wish?.type === 'quit') leave();
        else if (wish !== undefined) session.do(wish);
      },
    });
    try {
      await Promise.race([screen.gone, untilInterrupted(signal), untilLost(context, client)]);
    } finally {
      await screen.close();
      await session.close();
      store.close();
    }
    return signal.aborted ? EXIT.interrupted : EXIT.ok;
  });
}
