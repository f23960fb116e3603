/** One user of the benchmark. */
export interface User {
  id: string;
  name: string;
  /** What others send to: the user id, or what the server said on joining. */
  address: string;
}

/** One side of a call, as it is needed to write messages. */
export interface Leg {
  self: User;
  peer: User;
  /** The id that the server gave the call, where it gives any. */
  callId: string;
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
  | { kind: 'candidate' }
  | { kind: 'end' }
  | { kind: 'refusal' }
  | { kind: 'users' }
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
  end(leg: Leg): string;
  /** Understands a received message; a long one may be cut off. */
  read(text: string, self: User): Incoming;
}
