import { setTimeout as pause } from 'node:timers/promises';
import { ScriptedClient, TcpProxy } from 'signal-core/testing';
import { talk } from '../e2e/call-steps.ts';
import { candidate } from '../e2e/session-descriptions.ts';
import type { Toll } from './dropped-call.ts';

const QUEUED = 20;
const between = (min: number, max: number) => min + Math.random() * (max - min);

/** One call between two legacy clients, of whom one loses its network for a while, as the other goes on sending. */
export class LegacyDroppedCall {
  readonly #url: string;
  readonly #name: string;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  async run(): Promise<Toll> {
    const proxy = await TcpProxy.before(this.#url);
    const alice = this.#client('alice', proxy.url);
    const bob = this.#client('bob', this.#url);
    try {
      for (const client of [alice, bob]) {
        await client.connect();
        await client.join({ id: client.name, username: client.name });
      }
      const callId = Math.random() < 0.5 ? await talk(alice, bob) : await talk(bob, alice);
      await pause(between(0, 3_000));
      alice.forget();
      proxy.goDown();
      await bob.next('call_status', (call) => call.status === 'peer_reconnecting');
      const sending = this.#queue(bob, alice.id);
      await pause(between(500, 10_000));
      proxy.comeUp();
      await alice.next('join_success');
      await sending;
      await bob.settle();
      await alice.settle();
      const heard = alice
        .take('ice_candidate')
        .map((got) => Number(/candidate:(\d+)/.exec(`${got.candidate?.candidate}`)?.[1]));
      const ended = [...alice.take('call_ended'), ...bob.take('call_ended')];
      const known = new Set(heard);
      const isLive = (await alice.ask('end_call', { callId })).ok;
      return {
        drops: 1,
        answers: 1,
        lost: QUEUED - known.size,
        repeated: heard.length - known.size,
        disordered: heard.some((word, index) => index > 0 && word < (heard[index - 1] ?? 0)) ? 1 : 0,
        endedEarly: ended.length + (isLive ? 0 : 1),
        flickers: 0,
      };
    } finally {
      alice.close();
      bob.close();
      await proxy.close();
    }
  }

  #client(role: string, url: string): ScriptedClient {
    return new ScriptedClient({ url, transport: 'websocket', name: `${this.#name}-${role}`, reconnection: true });
  }

  /** Sends while the other one is away, and as it comes back. */
  async #queue(from: ScriptedClient, to: string): Promise<void> {
    for (let word = 1; word <= QUEUED; word += 1) {
      from.send('ice_candidate', { to, candidate: candidate(word) });
      await pause(between(0, 50));
    }
  }
}
