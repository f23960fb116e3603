import { v4 as uuidv4 } from 'uuid';
import type { Change } from '../calls/call-context.js';
import type { Clock } from '../clock.js';
import type { Effect } from '../domain/effect.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';
import type { Logger } from '../log.js';
import type { NodeMessage, Nodes } from '../stores/nodes.js';
import { KnownCalls } from './known-calls.js';
import { type MessageHandlers, receiver } from './receive.js';
import { nodesToTell } from './spread.js';

interface Parts {
  nodes: Nodes;
  clock: Clock;
  log: Logger;
}

/** This server among others that share its stores: what it is called, what it knows of calls, and how it tells others. */
export class ThisNode {
  readonly known: KnownCalls;
  /** Every node that lived when this one last said that it does. */
  alive: readonly NodeId[] = [];
  /** Where a device has gone that was here until lately. */
  movedTo: (device: DeviceKey) => NodeId | undefined = () => undefined;
  /** Takes a message of another node; never fails. */
  receive: (from: NodeId, message: NodeMessage) => void = () => {};
  readonly #parts: Parts;
  #name: NodeId = uuidv4();
  #hear = () => () => {};
  #stop = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    this.known = new KnownCalls({ self: () => this.#name, now: () => parts.clock.now() });
  }

  /** What this life of the server is called. */
  get name(): NodeId {
    return this.#name;
  }

  /** Begins to hear the others. */
  listen(handlers: MessageHandlers): void {
    this.receive = receiver(handlers, this.#parts.log);
    this.#hear = () => this.#parts.nodes.bus.listen(this.#name, this.receive);
    this.#stop = this.#hear();
  }

  /**
   * It was declared dead, and begins a new life. What was under way to the old one is lost.
   *
   * @see SPEC.md, rule NODE-7
   */
  rename(): void {
    this.#name = uuidv4();
    this.#stop();
    this.#stop = this.#hear();
  }

  send(to: NodeId, message: NodeMessage): void {
    this.#parts.nodes.bus.send(to, message);
  }

  /** Tells every other node that lives. */
  sendAll(message: NodeMessage): void {
    for (const node of this.alive) if (node !== this.#name) this.send(node, message);
  }

  /**
   * Tells the other nodes of what was committed here: first of all, so that nothing that comes of it overtakes it.
   *
   * @param effects - what the commits ask for
   * @returns what the devices of this node are to be told
   */
  committed(scope: string, changes: Change[], effects: Effect[]): Effect[] {
    for (const change of changes) {
      const message: NodeMessage = { type: 'call', scope, call: change.after };
      for (const node of nodesToTell(change, this.#name, this.movedTo)) this.send(node, message);
    }
    return changes.flatMap((change) => {
      const own = effects.filter((effect) => callIdOf(effect) === change.after.id);
      return this.known.committed(scope, change, own);
    });
  }

  /** Hears nothing more. */
  close(): void {
    this.#stop();
  }
}

function callIdOf(effect: Effect): string {
  return 'call' in effect ? effect.call.id : effect.callId;
}
