import type { Cancel, Clock } from '../clock.js';
import type { CallId, DeviceKey, NodeId } from '../domain/ids.js';
import type { NodeMessage } from '../stores/nodes.js';

/** How long a message that is missing is waited for, in milliseconds. */
const MISSED_MS = 500;

/** How long calls last, unless told otherwise, that a device brought from a dead node, in milliseconds. */
const UNKNOWN_MS = 12 * 3_600_000;

/** How many messages of one sender wait at most; one more, and what is missing is waited for no longer. */
const MAX_WAITING = 256;

export type RelayMessage = Extract<NodeMessage, { type: 'relay' }>;

/** Where a receiver stands with a sender: what moves with its device. */
export interface Position {
  callId: CallId;
  from: DeviceKey;
  origin: NodeId;
  run: number;
  next: number;
  /** What came too early. */
  early: RelayMessage[];
}

interface Line extends Omit<Position, 'early'> {
  to: DeviceKey;
  waiting: Map<number, RelayMessage>;
  cancel: Cancel | undefined;
}

interface Parts {
  clock: Clock;
  /** Whether the call is known here as far as the sender knew it; `over` when there is no such call any more. */
  stateOf(message: RelayMessage): 'ready' | 'behind' | 'over';
  /** When its call began, in epoch milliseconds; 0 when it is not known here. */
  startedAt(message: RelayMessage): number;
  /** The call of the message is not known here well enough. */
  ask(message: RelayMessage): void;
  deliver(message: RelayMessage): void;
  /** Something that was sent before this message is lost. */
  missed(message: RelayMessage): void;
}

/**
 * What devices of other nodes send within calls, once and in order. The bus keeps the order of one sender, and mostly loses
 * nothing; messages that were passed on, and calls that were heard of late, are waited for.
 *
 * @see SPEC.md, rule NODE-4
 */
export class InOrder {
  readonly #parts: Parts;
  readonly #lines = new Map<CallId, Map<string, Line>>();
  /** Devices of which nobody knows any more what they have got of calls that began before; the oldest first. */
  readonly #unknown = new Map<DeviceKey, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param origin - the node that sent it first */
  take(origin: NodeId, message: RelayMessage): void {
    const line = this.#lineOf(origin, message, this.#isUnknown(message) ? message.n : 1);
    if (message.n < line.next || line.waiting.has(message.n)) return;
    line.waiting.set(message.n, message);
    this.#drain(line);
    if (line.waiting.size > MAX_WAITING) this.#giveUp(line);
  }

  /** Whether a device that came here is still to get some of the first `count` messages of a node. */
  isBehind(line: Pick<Line, 'callId' | 'from' | 'to' | 'origin' | 'run'>, count: number): boolean {
    const next = this.#lines.get(line.callId)?.get(keyOf(line))?.next;
    return next !== undefined && next <= count;
  }

  /** More is known of a call. */
  wake(callId: CallId): void {
    for (const line of this.#lines.get(callId)?.values() ?? []) this.#drain(line);
  }

  /** The call is over. */
  forget(callId: CallId): void {
    for (const line of this.#lines.get(callId)?.values() ?? []) line.cancel?.();
    this.#lines.delete(callId);
  }

  /** Where a device stands that goes to another node; nothing of it is left here. */
  release(to: DeviceKey, callIds: readonly CallId[]): Position[] {
    return callIds.flatMap((each) => {
      const lines = this.#lines.get(each);
      return [...(lines ?? [])].flatMap(([key, { callId, from, origin, run, next, waiting, cancel, ...line }]) => {
        if (line.to !== to) return [];
        cancel?.();
        lines?.delete(key);
        if (lines?.size === 0) this.#lines.delete(each);
        return { callId, from, origin, run, next, early: [...waiting.values()] };
      });
    });
  }

  /** A device has come with where it stands. */
  adopt(to: DeviceKey, positions: readonly Position[]): void {
    for (const { callId, from, origin, run, next, early } of positions) {
      const line = this.#lineOf(origin, { callId, from, to, run });
      line.next = Math.max(line.next, next);
      for (const message of early) line.waiting.set(message.n, message);
      for (const n of line.waiting.keys()) if (n < line.next) line.waiting.delete(n);
      this.#drain(line);
    }
  }

  /** A device has come, and where it stood is lost: whatever is the first that comes is the first. */
  beginAnew(to: DeviceKey): void {
    const now = this.#parts.clock.now();
    this.#unknown.delete(to);
    this.#unknown.set(to, now);
    for (const [device, since] of this.#unknown) {
      if (now - since < UNKNOWN_MS) return;
      this.#unknown.delete(device);
    }
  }

  #isUnknown(message: RelayMessage): boolean {
    const since = this.#unknown.get(message.to);
    return since !== undefined && this.#parts.startedAt(message) <= since;
  }

  close(): void {
    for (const callId of this.#lines.keys()) this.forget(callId);
  }

  #lineOf(origin: NodeId, message: Pick<RelayMessage, 'callId' | 'from' | 'to' | 'run'>, next = 1): Line {
    const { callId, from, to, run } = message;
    const lines = this.#lines.get(callId) ?? new Map<string, Line>();
    this.#lines.set(callId, lines);
    const key = keyOf({ from, to, origin, run });
    const line = lines.get(key) ?? { callId, from, to, origin, run, next, waiting: new Map(), cancel: undefined };
    lines.set(key, line);
    return line;
  }

  #drain(line: Line): void {
    for (let message = line.waiting.get(line.next); message !== undefined; message = line.waiting.get(line.next)) {
      const state = this.#parts.stateOf(message);
      if (state === 'behind') {
        if (line.cancel === undefined) this.#parts.ask(message);
        break;
      }
      line.waiting.delete(line.next);
      line.next += 1;
      if (state === 'ready') this.#parts.deliver(message);
    }
    if (line.waiting.size > 0) line.cancel ??= this.#parts.clock.after(MISSED_MS, () => this.#giveUp(line));
    else {
      line.cancel?.();
      line.cancel = undefined;
    }
  }

  /** Goes on without what does not come; without the call there is nothing to go on with. */
  #giveUp(line: Line): void {
    line.cancel?.();
    line.cancel = undefined;
    const first = [...line.waiting.values()].reduce((one, other) => (one.n < other.n ? one : other));
    if (first.n === line.next) {
      // the call is not known here, and may be: nothing is left out in silence
      this.#parts.missed(first);
      line.waiting.clear();
      const lines = this.#lines.get(line.callId);
      lines?.delete(keyOf(line));
      if (lines?.size === 0) this.#lines.delete(line.callId);
      return;
    }
    line.next = first.n;
    this.#parts.missed(first);
    this.#drain(line);
  }
}

function keyOf({ origin, run, from, to }: Pick<Line, 'origin' | 'run' | 'from' | 'to'>): string {
  return `${origin} ${run} ${from} ${to}`;
}
