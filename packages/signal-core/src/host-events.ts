import { EventEmitter } from 'node:events';
import type { CallRecord } from './call-record.js';
import type { User } from './domain/call.js';
import type { Logger } from './log.js';

/** What a host may listen to; each follows the commit of what it tells. */
export interface SignalingEvents {
  /** The first device of a user came online. */
  userOnline: User;
  /** The last device of a user left, or was lost for longer than `presenceGraceMs`. */
  userOffline: User;
  /** A call was placed, and rings. */
  callStarted: CallRecord;
  /** A call became active. */
  callAnswered: CallRecord;
  /** A call that was forgotten in a restart is active again; its times begin anew. */
  callRestored: CallRecord;
  /** A call is over, answered or not. */
  callEnded: CallRecord;
}

/** Listens to one of {@link SignalingEvents}; what it throws or rejects with is logged. */
export type SignalingListener<Name extends keyof SignalingEvents> = (payload: SignalingEvents[Name]) => unknown;

const MESSAGES: Record<keyof SignalingEvents, string> = {
  userOnline: 'user online',
  userOffline: 'user offline',
  callStarted: 'call ringing',
  callAnswered: 'call active',
  callRestored: 'call restored',
  callEnded: 'call ended',
};

/** Tells the host, and the log, of what happened. A listener that fails harms nobody but itself. */
export class HostEvents {
  readonly #emitter = new EventEmitter();
  readonly #log: Logger;

  constructor(log: Logger) {
    // a guest writes nothing to the console, Node's warning of many listeners neither
    this.#emitter.setMaxListeners(0);
    this.#log = log;
  }

  on<Name extends keyof SignalingEvents>(name: Name, listener: SignalingListener<Name>): void {
    this.#emitter.on(name, listener);
  }

  off<Name extends keyof SignalingEvents>(name: Name, listener: SignalingListener<Name>): void {
    this.#emitter.off(name, listener);
  }

  emit<Name extends keyof SignalingEvents>(name: Name, payload: SignalingEvents[Name]): void {
    this.#log.info(payload, MESSAGES[name]);
    for (const listener of this.#emitter.listeners(name)) {
      const fail = (error: unknown) => this.#log.error({ err: error, event: name }, 'a listener of the host failed');
      try {
        Promise.resolve(listener(payload)).catch(fail);
      } catch (error) {
        fail(error);
      }
    }
  }
}
