import type { Stores } from 'signal-core';
import {
  FakeClock,
  MemoryNetwork,
  ScriptedClient,
  type ScriptedClientOptions,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from 'signal-core/testing';
import { onTestFinished } from 'vitest';

/** Several servers that share stores and one clock, and their clients, for the length of one test. */
export interface NodesStage {
  clock: FakeClock;
  nodes: TestServer[];
  /** A device of the user joins at a node, one of its own at each; what `extra` says goes into `join`, a token also into the handshake. */
  join(node: number, username: string, extra?: Record<string, unknown>): Promise<ScriptedClient>;
  /** Waits until all that nodes have for each other has arrived, and what came of it. */
  settle(...clients: ScriptedClient[]): Promise<void>;
}

interface Options extends Omit<TestServerOptions, 'clock' | 'stores'> {
  count?: number;
  transport?: ScriptedClientOptions['transport'];
  /** Puts something before the stores of a node. */
  before?: (stores: Stores, node: number) => Stores;
}

/** Starts nodes for one test: two, unless told otherwise. */
export async function startNodes({ count = 2, transport = 'websocket', before, ...options }: Options = {}) {
  const clock = new FakeClock();
  const network = new MemoryNetwork(() => clock.now());
  const nodes: TestServer[] = [];
  for (let node = 0; node < count; node += 1) {
    const stores = network.join();
    const server = await startTestServer({ clock, stores: before?.(stores, node) ?? stores, ...options });
    onTestFinished(() => server.close());
    nodes.push(server);
  }
  const stage: NodesStage = {
    clock,
    nodes,
    async join(node, username, extra = {}) {
      const url = nodes[node]?.url ?? '';
      const client = new ScriptedClient({ url, transport, name: `${username} at node ${node}`, auth: extra });
      onTestFinished(() => client.close());
      await client.connect();
      await client.join({ id: username, username, protocol: 2, deviceId: `${username}-${node}`, ...extra });
      return client;
    },
    async settle(...clients) {
      for (let round = 0; round < 3; round += 1) {
        await clock.advance(0);
        for (const client of clients) await client.settle();
      }
    },
  };
  return stage;
}
