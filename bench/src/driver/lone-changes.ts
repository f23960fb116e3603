import { Client } from './client.js';
import { makeUser } from './make-user.js';
import type { Population } from './population.js';
import { PROTOCOLS, type ProtocolName } from './protocols/protocols.js';

export interface LoneChangesPlan {
  port: number;
  /** What those speak who come and go. */
  protocol: ProtocolName;
  /** The first so many of the population are told of presence. */
  watchers: number;
  /** Users to come and go again, one after the other. */
  users: number;
  /** Longest wait for everybody to be told. */
  limitMs: number;
}

/** Payload bytes that one change cost a watcher. */
export interface ChangeBytes {
  mean: number;
  max: number;
}

export interface LoneChangesResult {
  join: ChangeBytes;
  leave: ChangeBytes;
}

/** Longer than the interval in which a server gathers changes: what comes of one change has come. */
const QUIET_MS = 400;

/**
 * Lets users come and go, each change by itself, and counts what it costs those who watch.
 *
 * @throws Error when one of them is not told of a change, or is told in more than one message
 */
export async function loneChanges(population: Population, plan: LoneChangesPlan): Promise<LoneChangesResult> {
  const { port, protocol, watchers, users, limitMs } = plan;
  const watching = population.clients.slice(0, watchers);
  const joins: number[] = [];
  const leaves: number[] = [];
  for (let number = 0; number < users; number += 1) {
    const client = new Client(PROTOCOLS[protocol], port, makeUser(population.clients.length + number));
    joins.push(...(await costOf(() => client.joined(), watching, limitMs)));
    leaves.push(...(await costOf(() => client.leave(), watching, limitMs)));
  }
  return { join: summary(joins), leave: summary(leaves) };
}

/** @returns by watcher: the bytes that it got for the change */
async function costOf(change: () => unknown, watching: readonly Client[], limitMs: number): Promise<number[]> {
  const before = watching.map(({ bytesReceived, messagesReceived }) => ({ bytesReceived, messagesReceived }));
  const told = () => watching.map((client, index) => client.messagesReceived - (before[index]?.messagesReceived ?? 0));
  await change();
  const deadline = performance.now() + limitMs;
  while (told().includes(0) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  const wrong = told().find((messages) => messages !== 1);
  if (wrong !== undefined) throw new Error(`a watcher was told of one change in ${wrong} messages`);
  return watching.map((client, index) => client.bytesReceived - (before[index]?.bytesReceived ?? 0));
}

function summary(bytes: readonly number[]): ChangeBytes {
  return { mean: bytes.reduce((sum, each) => sum + each, 0) / bytes.length, max: Math.max(...bytes) };
}
