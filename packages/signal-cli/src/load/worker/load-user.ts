import { io, type Socket } from 'socket.io-client';
import { fieldsOf } from '../../session/fields.js';
import { Decoder, Encoder, JsonText } from './packets.js';
import type { Tally } from './tally.js';

/** Who comes online with a thousand others waits longer than a call may. */
const SHORTEST_JOIN_TIMEOUT_MS = 10_000;
const FEATURES = ['ice_batch', 'early_candidates', 'resume'];

export interface LoadUserOptions {
  name: string;
  url: string;
  path: string;
  /** Hears who comes and goes; the others ask not to. */
  isObserver: boolean;
  timeoutMs: number;
  tally: Tally;
  onEvent(user: LoadUser, event: string, payload: unknown): void;
  /** An observer hears who is there. */
  onPresence(payload: unknown): void;
  /** The connection is gone, and stays so. */
  onLost(user: LoadUser): void;
}

/** What the server answered to what was sent: its error code, or undefined when it took it. */
export type OnAnswer = (refusal: string | undefined, answer: Record<string, unknown>) => void;

/**
 * One user of the load: one connection, which nothing makes again, and nothing is said twice over.
 * It speaks protocol 2 where the server does, and the legacy protocol otherwise.
 */
export class LoadUser {
  readonly name: string;
  readonly url: string;
  readonly isObserver: boolean;
  id = '';
  /** When it asked to join, for those who see it come. */
  joinedAt = 0;
  /** Somebody has seen it come. */
  isSeen = false;
  /** Whether the server answers what is sent to it. */
  isAcknowledged = false;
  isOnline = false;
  readonly #options: LoadUserOptions;
  #socket: Socket | undefined;

  constructor(options: LoadUserOptions) {
    this.#options = options;
    this.name = options.name;
    this.url = options.url;
    this.isObserver = options.isObserver;
  }

  /**
   * Connects and joins.
   *
   * @returns why it could not, as a code
   */
  async join({ id, token }: { id: string; token: string }): Promise<string | undefined> {
    this.id = id;
    const { path, tally } = this.#options;
    const timeoutMs = Math.max(this.#options.timeoutMs, SHORTEST_JOIN_TIMEOUT_MS);
    const startedAt = performance.now();
    const socket = io(new URL(this.url).origin, {
      path,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: timeoutMs,
      auth: { token },
      parser: { Encoder, Decoder },
    });
    this.#socket = socket;
    const connected = await settled<string | undefined>(timeoutMs, 'connect_timeout', (done) => {
      socket.once('connect', () => done(undefined));
      socket.once('connect_error', () => done('connect_error'));
    });
    if (connected !== undefined) return this.#giveUp(connected);
    tally.time('connect', performance.now() - startedAt);
    const refusal = await settled<string | undefined>(timeoutMs, 'join_timeout', (done) => {
      socket.once('disconnect', () => done('disconnected'));
      socket.once('join_success', (answer: unknown) => done(this.#joined(answer)));
      this.joinedAt = performance.now();
      socket.emit('join', this.#introduction(), (answer: unknown) => done(this.#joined(answer)));
    });
    if (refusal !== undefined) return this.#giveUp(refusal);
    this.isOnline = true;
    tally.time('join', performance.now() - this.joinedAt);
    tally.counters.presence.joins += 1;
    socket.onAny((event: string, payload: unknown) => this.#receive(event, payload));
    socket.once('disconnect', () => {
      this.isOnline = false;
      this.#options.onLost(this);
    });
    return undefined;
  }

  /** @param onAnswer - called once when the server acknowledges; a legacy one does not */
  say(event: string, payload: object | undefined, onAnswer: OnAnswer): void {
    const socket = this.#socket;
    // what is said without a connection would be kept for the next one, and there is none
    if (socket?.connected !== true) return;
    if (!this.isAcknowledged) socket.emit(event, payload);
    else {
      socket.emit(event, payload, (answer: unknown) => {
        const fields = fieldsOf(answer);
        onAnswer(fields.ok === true ? undefined : String(fieldsOf(fields.error).code ?? 'no_answer'), fields);
      });
    }
  }

  /** Milliseconds of a round trip; undefined when no answer comes in time. */
  ping(): Promise<number | undefined> {
    const startedAt = performance.now();
    return settled<number | undefined>(this.#options.timeoutMs, undefined, (done) => {
      const pong = () => done(performance.now() - startedAt);
      if (this.isAcknowledged) this.say('ping', undefined, pong);
      else this.#socket?.once('pong', pong).emit('ping');
    });
  }

  /** Says goodbye, and is gone once the server has heard it. */
  async leave(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined || !this.isOnline) return;
    this.isOnline = false;
    socket.off('disconnect');
    if (this.isAcknowledged) {
      await settled<void>(this.#options.timeoutMs, undefined, (done) => this.say('leave', undefined, () => done()));
    }
    socket.disconnect();
  }

  #introduction(): object {
    const { name, id, isObserver } = this;
    return {
      id,
      username: name,
      protocol: 2,
      deviceId: `device-${name}`,
      features: FEATURES,
      presence: isObserver ? 'delta' : 'none',
    };
  }

  /** @returns why it may not join */
  #joined(answer: unknown): string | undefined {
    const { ok, error, protocol, onlineUsers, calls } = fieldsOf(answer);
    if (ok === false) return String(fieldsOf(error).code);
    this.isAcknowledged = protocol === 2;
    const { presence } = this.#options.tally.counters;
    if (Array.isArray(onlineUsers) && onlineUsers.length > 0) {
      presence.messages += 1;
      presence.bytes += Buffer.byteLength(JSON.stringify(onlineUsers));
    }
    if (Array.isArray(calls)) this.#endFormerCalls(calls);
    return undefined;
  }

  /** A run that was killed may have left calls behind, which this device is still an end of. */
  #endFormerCalls(calls: readonly unknown[]): void {
    for (const call of calls) {
      const { callId, here } = fieldsOf(call);
      if (here === true) this.#socket?.emit('end_call', { callId }, () => {});
    }
  }

  #receive(event: string, payload: unknown): void {
    const { tally, onEvent, onPresence } = this.#options;
    if (!(payload instanceof JsonText)) {
      onEvent(this, event, payload);
      return;
    }
    tally.counters.presence.messages += 1;
    tally.counters.presence.bytes += Buffer.byteLength(payload.json);
    if (this.isObserver) onPresence(JSON.parse(payload.json));
  }

  #giveUp(reason: string): string {
    this.#socket?.disconnect();
    return reason;
  }
}

/** What comes first: what settles it, or `late` after that many milliseconds. */
function settled<T>(timeoutMs: number, late: T, begin: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(late), timeoutMs);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
