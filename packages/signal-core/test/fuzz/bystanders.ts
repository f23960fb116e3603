import { ScriptedClient } from 'signal-core/testing';
import { expect } from 'vitest';
import { stillTalking, talk } from '../e2e/call-steps.ts';

/** Events that tell nobody of anything that somebody did. */
const ROUTINE = new Set(['pong', 'join_success']);
/** Machines are noisy: one call of these is quick. */
const TRIES = 8;
const CALL_MS = 100;

/** What `join` says beyond the user; a token, where one is needed. */
export type Credentials = (name: string) => Record<string, unknown>;

/** People who mind their own business on a server under attack. */
export interface Bystanders {
  /** Two in a call, whom the fuzzers know by name, and their call. */
  known: { users: string[]; callId: string };
  /** Nobody heard of anything that the fuzzers did, and the call lives. */
  expectUndisturbed(): Promise<void>;
  close(): void;
}

async function arrive(url: string, name: string, credentials: Credentials): Promise<ScriptedClient> {
  const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
  await client.join({
    id: name,
    username: name,
    deviceId: 'phone',
    presence: 'none',
    protocol: 2,
    ...credentials(name),
  });
  return client;
}

export async function bystanders(url: string, credentials: Credentials = () => ({})): Promise<Bystanders> {
  const [alice, bob, carol] = await Promise.all([
    arrive(url, 'alice', credentials),
    arrive(url, 'bob', credentials),
    // nobody knows her
    arrive(url, 'carol-7f3a5c0e', credentials),
  ]);
  const everybody = [alice, bob, carol];
  const callId = await talk(alice, bob);
  return {
    known: { users: [alice.id, bob.id], callId },
    async expectUndisturbed() {
      for (const each of everybody) {
        await each.settle();
        const heard = each.log.filter(({ event, taken }) => !taken && !ROUTINE.has(event));
        expect([each.name, heard]).toEqual([each.name, []]);
      }
      await stillTalking(alice, bob, callId);
    },
    close() {
      for (const each of everybody) each.close();
    },
  };
}

/** Two who come now can call each other at once. */
export async function expectQuickCall(url: string, credentials: Credentials = () => ({})): Promise<void> {
  const [dave, erin] = [await arrive(url, 'dave', credentials), await arrive(url, 'erin', credentials)];
  const times: number[] = [];
  for (let tried = 0; tried < TRIES && !times.some((time) => time < CALL_MS); tried += 1) {
    const since = performance.now();
    const callId = await talk(dave, erin);
    times.push(performance.now() - since);
    await dave.ask('end_call', { callId });
    await erin.next('call_ended');
  }
  expect(Math.min(...times)).toBeLessThan(CALL_MS);
  dave.close();
  erin.close();
}
