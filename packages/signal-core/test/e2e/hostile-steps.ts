import { expect } from 'vitest';
import { stillTalking, talk } from './call-steps.ts';
import type { Transport } from './legacy-client.ts';
import { type RawConnection, rawConnection } from './raw-connection.ts';
import type { Stage } from './stage.ts';

/** A raw connection that has joined, and its user. */
export async function joinedRaw({ url, login }: Stage, transport: Transport, username: string) {
  const raw = await rawConnection(url, transport);
  const user = await login(username);
  raw.send(`42${JSON.stringify(['join', user])}`);
  await raw.next('42["join_success"');
  return { raw, user };
}

/** The answers to one acknowledged event. */
export const answersTo = (raw: RawConnection, ackId: number) =>
  raw.frames.filter((frame) => frame.startsWith(`43${ackId}[`));

/** Two users can call each other right now. */
export async function expectServing({ join }: Stage) {
  const [alice, bob] = [await join(`alice ${Math.random()}`), await join(`bob ${Math.random()}`)];
  const since = performance.now();
  const callId = await talk(alice, bob);
  expect(performance.now() - since).toBeLessThan(1_000);
  await stillTalking(alice, bob, callId);
  alice.close();
  bob.close();
}
