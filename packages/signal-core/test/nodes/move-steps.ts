import type { Stores } from 'signal-core';
import type { JoinSuccess } from 'signal-core/protocol';
import { type JoinPayload, ScriptedClient } from 'signal-core/testing';
import { onTestFinished } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { candidates } from '../e2e/session-descriptions.ts';
import type { NodesStage } from './two-nodes.ts';

export interface Arrival {
  client: ScriptedClient;
  success: JoinSuccess;
}

/** What `join` says for the same device wherever it comes, one that resumes. */
export const RESUMING = { protocol: 2, features: ['resume'], deviceId: 'phone' };

/** A connection to a node that has not joined. */
export async function connect({ nodes }: NodesStage, node: number, name: string): Promise<ScriptedClient> {
  const url = nodes[node]?.url ?? '';
  const client = new ScriptedClient({ url, transport: 'websocket', name: `${name} at node ${node}` });
  onTestFinished(() => client.close());
  return client.connect();
}

/** A device comes to a node. */
export async function arrive(stage: NodesStage, node: number, user: JoinPayload): Promise<Arrival> {
  const client = await connect(stage, node, user.id);
  return { client, success: await client.join(user) };
}

/** A device that resumes comes back at a node, with what it knows of its calls. */
export function comeBackAt(stage: NodesStage, node: number, id: string, ...resume: object[]): Promise<Arrival> {
  return arrive(stage, node, { id, username: id, ...RESUMING, resume });
}

export function trickle(from: ScriptedClient, to: ScriptedClient, first: number, last: number): void {
  for (const candidate of candidates(first, last)) from.send('ice_candidate', { to: to.id, candidate });
}

/** The stores of a node that takes a message of others only when `pass` is called: at once, later, or never. */
export function hearing(stores: Stores, hear: (message: NodeMessage, pass: () => void) => void): Stores {
  const { nodes } = stores;
  if (nodes === undefined) throw new Error('these stores are of one node');
  const { bus } = nodes;
  const listen: typeof bus.listen = (self, listener) =>
    bus.listen(self, (from, message) => hear(message, () => listener(from, message)));
  return { ...stores, nodes: { ...nodes, bus: { ...bus, listen } } };
}

/** Something that is waited for, and said to have happened. */
export function signal(): { happened: Promise<void>; happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen: () => happen() };
}
