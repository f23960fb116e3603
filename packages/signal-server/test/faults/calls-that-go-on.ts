import { expect, onTestFinished } from 'vitest';
import type { Fleet, FleetNode } from './fleet.ts';
import { Party, type Talk, talk } from './party.ts';

export const CALLS = 10;

export async function callsBetween(prefix: string, from: FleetNode, to: FleetNode): Promise<Talk[]> {
  const pairs = Array.from(
    { length: CALLS },
    (_, n) => [new Party(`${prefix}a${n}`), new Party(`${prefix}b${n}`)] as const,
  );
  return Promise.all(
    pairs.map(async ([a, b]) => {
      await Promise.all([a.joinAt(from.url), b.joinAt(to.url)]);
      return talk(a, b);
    }),
  );
}

/** Each device is held once, by a node that lives, and is the end of the calls that it should be. */
export async function expectOneOwner(fleet: Fleet, talks: Talk[]): Promise<void> {
  const held = new Map<string, unknown>();
  for (const { caller, callee } of talks) {
    for (const { id } of [caller, callee]) {
      const sessions = await fleet.stores.presence.sessionsOf(id);
      expect(
        sessions.map(({ user }) => user.id),
        `sessions of ${id}`,
      ).toEqual([id]);
      held.set(id, sessions[0]?.node);
    }
  }
  for (const { caller, callee, callId } of talks) {
    const call = await fleet.stores.in('').calls.get(callId);
    expect([call?.status, Object(call).caller?.node, Object(call).callee?.node], callId).toEqual([
      'active',
      held.get(caller.id),
      held.get(callee.id),
    ]);
  }
}

/** Pages whose connection breaks come back at the nodes of these addresses, in turn, until the test ends. */
export function comingBack(parties: Party[], urls: string[]): { losses: () => number } {
  let losses = 0;
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
    for (const party of parties) party.vanish();
  });
  for (const [n, party] of parties.entries()) {
    let since = party.heard.length;
    const watch = async () => {
      while (!isOver) {
        const lost = party.heard.slice(since).find(({ event }) => event === 'disconnect');
        if (lost !== undefined) {
          losses += 1;
          since = party.heard.length;
          await party.comeBackAt(urls[n % urls.length] ?? '').catch(() => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    void watch();
  }
  return { losses: () => losses };
}

export const partiesOf = (talks: Talk[]) => talks.flatMap(({ caller, callee }) => [caller, callee]);

export function ended(talks: Talk[]): unknown[] {
  return partiesOf(talks).flatMap((party) => party.all('call_ended').map(({ payload }) => [party.id, payload.reason]));
}
