import type { Call } from '../domain/call.js';
import type { CallId, DeviceKey, NodeId, UserId } from '../domain/ids.js';
import type { Revocation } from '../domain/revocation.js';
import type { Session } from '../domain/session.js';

/** What devices have for each other in a call, as it travels from node to node; batches are parted where they arrive. */
export type RelayedEvent = 'ice_candidates' | 'session_description' | 'call_info';

/**
 * What nodes tell each other. A message is a hint, the stores are the truth: lost, repeated and late ones do no harm.
 *
 * @see SPEC.md, section NODE
 */
export type NodeMessage =
  /** A call as it was committed: the receiver finds out itself what is new to its devices. */
  | {
      type: 'call';
      scope: string;
      call: Call;
      /** The device that has gone to the receiver, or further: who passed it on has seen to the others. */
      passedOnFor?: DeviceKey;
    }
  /** From the device of one node to that of another; `n` counts by call, sender and receiver, in each run from 1 on. */
  | {
      type: 'relay';
      scope: string;
      callId: CallId;
      /** The call must be known in this version, or a later one, before the device gets it. */
      version: number;
      from: DeviceKey;
      to: DeviceKey;
      /** A node that has forgotten a call counts in another run when it comes to it again. */
      run: number;
      n: number;
      /** Who sent it first, when it was passed on to where the receiving device had gone. */
      origin?: NodeId;
      event: RelayedEvent;
      payload: object;
    }
  /**
   * To the caller's node: the rung device shows the call, and takes the caller's candidates from the first on. `n` counts
   * all that the sender shows: what it shows anew is told from what is heard twice.
   */
  | { type: 'shown'; scope: string; callId: CallId; device: DeviceKey; n: number }
  /** The device has moved to the sender: it asks for what was kept, and answers to `ask`. */
  | { type: 'hand_over'; ask: string; device: DeviceKey; socketId: string }
  | { type: 'handed_over'; ask: string; kept: object | undefined }
  /** To all nodes: these connections of a user end for good. Whoever came later has another. */
  | { type: 'dismiss_user'; userId: UserId; socketIds: string[] }
  | { type: 'revoke'; revocation: Revocation }
  | { type: 'visibility_changed' };

/** Messages from node to node: each node reads its own, in the order in which one sender sent them. */
export interface NodeBus {
  /** Sends, and does not wait; what cannot be sent for long is dropped. */
  send(to: NodeId, message: NodeMessage): void;
  /** Begins to read what is sent to a node, which must be this one. @returns how to stop */
  listen(self: NodeId, listener: (from: NodeId, message: NodeMessage) => void): () => void;
}

/** What a node hears when it says that it lives. */
export interface Beat {
  /** Whether the node was known: one that is not is new, was declared dead, or the stores have lost their memory. */
  isKnown: boolean;
  /** By the clock of the stores, in epoch milliseconds. */
  at: number;
  /** Names the memory of the stores: another one than last time, and everything was forgotten. */
  memory: string;
  /** Every node that lives, this one among them. */
  alive: NodeId[];
  /** Nodes to bury: they have been silent for too long, or somebody who began to bury them has not ended. */
  silent: NodeId[];
}

/** How a node went: without a word, or because it was told to stop. */
export type Passing = 'died' | 'left';

/** Which nodes live, by the clock of the stores. */
export interface NodeLeases {
  /** Says that this node lives, for {@link LEASE_MS}; to be called at least every {@link BEAT_MS}. */
  beat(self: NodeId): Promise<Beat>;
  /**
   * Declares a silent node dead, for good: of several that try one may. Only one may whose own beats have had no gap for
   * {@link LEASE_MS}: when the stores stood still, everybody was silent. One that {@link leave}s may be buried by anybody.
   *
   * @returns how the other went, when this node is to take over what it held; it comes back as silent when this one does
   * not {@link buried} it in {@link LEASE_MS}, and counts as one that died then
   */
  claim(dead: NodeId, self: NodeId): Promise<Passing | undefined>;
  /** Everything that the dead node held is taken over. */
  buried(dead: NodeId): Promise<void>;
  /** This node goes, and asks to be buried at once. */
  leave(self: NodeId): Promise<void>;
  /**
   * Asks for the turn to do what one node does for all.
   *
   * @param ms - for how long nobody else gets it
   * @returns whether this node has got it
   */
  takeTurn(ms: number): Promise<boolean>;
}

/**
 * How often a node must say that it lives at least, in milliseconds: it does so each second. After twice this without,
 * its beats have had a gap.
 */
export const BEAT_MS = 2_000;

/** How long a node that says nothing counts as alive, in milliseconds: two beats may be lost. */
export const LEASE_MS = 6_000;

/** What several nodes that share stores have in common besides. */
export interface Nodes {
  bus: NodeBus;
  leases: NodeLeases;
  /** The sessions of a node, as the presence store has them: all of them, or of a dead one what is left. */
  sessionsOf(node: NodeId): Promise<Session[]>;
}
