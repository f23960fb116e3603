import type { LegacyClient } from './legacy-client.ts';

/** The events that the ends of a call have for each other. */
const TALK = ['ice_candidate', 'ice_candidates', 'session_description', 'call_info'] as const;

/** What `join` says for a device that knows all there is to know within a call. */
export const MODERN = { protocol: 2, features: ['ice_batch', 'early_candidates'] };
export const BATCHING = { protocol: 2, features: ['ice_batch'] };
export const EARLY = { protocol: 2, features: ['early_candidates'] };

/** What came within calls, in order, once everything under way is there: `[event, what was in it]`. */
export async function talked(at: LegacyClient, ...after: LegacyClient[]): Promise<[event: string, content: unknown][]> {
  for (const client of [...after, at]) await client.settle();
  const entries = at.log.filter(({ event }) => (TALK as readonly string[]).includes(event));
  return entries.map(({ event, payload }) => [event, contentOf(Object(payload))]);
}

/** The candidates that came, however they were sent, once everything under way is there. */
export async function trickled(at: LegacyClient, ...after: LegacyClient[]): Promise<unknown[]> {
  const all = await talked(at, ...after);
  return all.filter(([event]) => event.startsWith('ice_')).flatMap(([, content]) => content);
}

function contentOf({ candidate, candidates, description, data }: Record<string, unknown>): unknown {
  if (candidate !== undefined) return candidate;
  return candidates ?? description ?? data;
}
