/** One user of the benchmark. */
export interface User {
  id: string;
  name: string;
  /** What others send to: the user id, or what the server said on joining. */
  address: string;
  /** What the user, who was there before, knows of presence: JSON text of its epoch and version. */
  since?: string;
}

/** One side of a call, as it is needed to write messages. */
export interface Leg {
  self: User;
  peer: User;
  /** The id of the call: the client's own, or the one that the server gave it. */
  callId: string;
  /** Messages of this side so far, by clients that count them. */
  sent: number;
}

/** What a received message means, whatever the protocol. */
export type Incoming =
  | { kind: 'joined'; address?: string }
  /** Part of the handshake: answer with `text`. */
  | { kind: 'handshake'; text: string }
  /** The connection is being checked: answer with `text`. */
  | { kind: 'heartbeat'; text: string }
  | { kind: 'offer'; callId: string }
  | { kind: 'answer' }
  /** One candidate, or several in one message. */
  | { kind: 'candidate' }
  /** The server took one of the client's messages. */
  | { kind: 'taken' }
  | { kind: 'end' }
  | { kind: 'refusal' }
  /** All users online. */
  | { kind: 'users' }
  /** Who came and who went. */
  | { kind: 'changes' }
  | { kind: 'nothing' };

/**
 * How a client of one server speaks. Descriptions and candidates come as JSON text, so that writing a message
 * costs the driver next to nothing, for every protocol alike.
 */
export interface Protocol {
  /** Path and query of the WebSocket. */
  path(user: User): string;
  call(leg: Leg, offer: string): string;
  accept(leg: Leg, answer: string): string;
  candidate(leg: Leg, candidate: string): string;
  /** Several candidates in one message, where the protocol can. */
  batch?(leg: Leg, candidates: readonly string[]): string;
  end(leg: Leg): string;
  /** Whether the server answers each message of a call. */
  isAcknowledged?: boolean;
  /** Says that the user leaves, where closing the connection does not. */
  leave?: string;
  /** Understands a received message; a long one may be cut off. */
  read(text: string, self: User): Incoming;
}
