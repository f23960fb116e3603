import type {
  CallEvents,
  ClientEvents,
  ClientState,
  PeerCall,
  PeerCallEvents,
  PresenceEvents,
  PresenceList,
  SignalingCall,
  SignalingClient,
} from 'signal-core/client';
import type { Guest } from './stage.ts';

/** How long to wait for an event before giving up. */
const PATIENCE_MS = 5_000;

type Source = SignalingClient | SignalingCall | PeerCall | PresenceList;
type EventsOf<S extends Source> = S extends SignalingClient
  ? ClientEvents
  : S extends PeerCall
    ? PeerCallEvents
    : S extends PresenceList
      ? PresenceEvents
      : CallEvents;

/** `on` of whatever it is: the name decides the arguments. */
function listen<S extends Source, E extends keyof EventsOf<S>>(
  from: S,
  event: E,
  listener: (args: EventsOf<S>[E]) => void,
) {
  const { on } = from as { on(event: unknown, listener: (...args: unknown[]) => void): () => void };
  // the arguments are those of the event
  return on.call(from, event, (...args) => listener(args as EventsOf<S>[E]));
}

/** The arguments of the next event of that name. */
export function next<S extends Source, E extends keyof EventsOf<S>>(
  from: S,
  event: E,
  patienceMs = PATIENCE_MS,
): Promise<EventsOf<S>[E]> {
  const missing = new Error(`waited ${patienceMs} ms for ${String(event)}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(missing), patienceMs);
    const forget = listen(from, event, (args) => {
      clearTimeout(timer);
      forget();
      resolve(args);
    });
  });
}

/** Every event of that name from now on. */
export function all<S extends Source, E extends keyof EventsOf<S>>(from: S, event: E): EventsOf<S>[E][] {
  const heard: EventsOf<S>[E][] = [];
  listen(from, event, (args) => heard.push(args));
  return heard;
}

/** Waits until the client is in that state. */
export async function reaches(client: SignalingClient, state: ClientState): Promise<void> {
  while (client.state !== state) await next(client, 'state', 20_000);
}

/** Waits until the server has handled what both sent, and what it sent back has come. */
export async function settle(...guests: Guest[]): Promise<void> {
  for (let round = 0; round < 2; round += 1) await Promise.all(guests.map(({ client }) => client.ping()));
}
