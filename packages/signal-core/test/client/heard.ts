import type { Guest } from './stage.ts';

/** How long to wait for an event before giving up. */
const PATIENCE_MS = 5_000;

type Emits<E extends string, Args extends unknown[]> = { on(event: E, listener: (...args: Args) => void): () => void };

/** The arguments of the next event of that name. */
export function next<E extends string, Args extends unknown[]>(
  from: Emits<E, Args>,
  event: E,
  patienceMs = PATIENCE_MS,
): Promise<Args> {
  const missing = new Error(`waited ${patienceMs} ms for ${event}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(missing), patienceMs);
    const forget = from.on(event, (...args) => {
      clearTimeout(timer);
      forget();
      resolve(args);
    });
  });
}

/** Every event of that name from now on. */
export function all<E extends string, Args extends unknown[]>(from: Emits<E, Args>, event: E): Args[] {
  const heard: Args[] = [];
  from.on(event, (...args) => heard.push(args));
  return heard;
}

/** Waits until the server has handled what both sent, and what it sent back has come. */
export async function settle(...guests: Guest[]): Promise<void> {
  for (let round = 0; round < 2; round += 1) await Promise.all(guests.map(({ client }) => client.ping()));
}
