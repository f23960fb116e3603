import { v4 as uuidv4 } from 'uuid';
import type { Change } from '../calls/call-context.js';
import type { Clock } from '../clock.js';
import { isLive, type LiveCall } from '../domain/call.js';
import type { Effect } from '../domain/effect.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';
import type { Logger } from '../log.js';
import type { Beat, NodeMessage, Nodes } from '../stores/nodes.js';
import { type KnownCall, KnownCalls } from './known-calls.js';
import { type MessageHandlers, receiver } from './receive.js';
import { nodesToTell } from './spread.js';

/** How many names of the dead are remembered. */
const MAX_DEAD = 1_000;

interface Parts {
  nodes: Nodes;
  clock: Clock;
  log: Logger;
}

/** This server among others that share its stores: what it is called, what it knows of calls, and how it tells others. */
export class ThisNode {
  readonly known: KnownCalls;
  /** Where a device has gone that was here until lately. */
  movedTo: (device: DeviceKey) => NodeId | undefined = () => undefined;
  /** Takes a message of another node; never fails. */
  receive: (from: NodeId, message: NodeMessage) => void = () => {};
  readonly #parts: Parts;
  /** The last one to be declared dead comes last. */
  readonly #dead = new Set<NodeId>();
  #beat: Beat | undefined;
  #name: NodeId = uuidv4();
  #shown = 0;
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
    const receive = receiver(handlers, this.#parts.log);
    this.receive = (from, message) => {
      if (!this.#dead.has(from)) receive(from, message);
    };
    this.#hear = () => this.#parts.nodes.bus.listen(this.#name, this.receive);
    this.#stop = this.#hear();
  }

  /**
   * Takes to heart what the stores say of the others. One that they knew, and do not know any more, was declared dead:
   * what it still sends is dropped.
   *
   * @see SPEC.md, rule NODE-7
   */
  heed(beat: Beat): void {
    const before = this.#beat;
    this.#beat = beat;
    if (before?.memory !== beat.memory) return;
    const there = new Set([...beat.alive, ...beat.silent]);
    for (const node of [...before.alive, ...before.silent]) if (!there.has(node)) this.#dead.add(node);
    // the stores have lost that it was declared dead, and it may go on
    for (const node of beat.alive) this.#dead.delete(node);
    for (const first of this.#dead) if (this.#dead.size > MAX_DEAD) this.#dead.delete(first);
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

  /** A device of this node shows a call. @returns which showing it is */
  countShown(): number {
    this.#shown += 1;
    return this.#shown;
  }

  /** Tells every other node that lives. */
  sendAll(message: NodeMessage): void {
    for (const node of this.#beat?.alive ?? []) if (node !== this.#name) this.send(node, message);
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

  /** Of callers whose devices are held here: no two nodes tell of the same one. */
  placedCalls(): LiveCall[] {
    return this.known.all().flatMap(({ call }) => (isLive(call) && call.caller.node === this.#name ? [call] : []));
  }

  /** Where calls of this node's devices have reached their deadline. */
  dueScopes(at: number): Set<string> {
    const isDue = ({ call, until }: KnownCall) => until === undefined && isLive(call) && call.dueAt <= at;
    return new Set(this.known.all().flatMap((known) => (isDue(known) ? known.scope : [])));
  }

  /** Whether this node has got the turn to look everywhere, for so many milliseconds. */
  takeTurn(ms: number): Promise<boolean> {
    return this.#parts.nodes.leases.takeTurn(ms);
  }

  /** Hears nothing more. */
  close(): void {
    this.#stop();
  }
}

function callIdOf(effect: Effect): string {
  return 'call' in effect ? effect.call.id : effect.callId;
}
