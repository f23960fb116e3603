import { type ErrorBody, SignalingError } from '../protocol/errors.js';
import type { Connection } from './connection.js';

/** The answer to one event: given once, by acknowledgement where the client asked for one. */
export class Reply {
  readonly #connection: Connection;
  readonly #event: string;
  readonly #ackId: string | undefined;
  #isGiven = false;

  /** @param ackId - of the acknowledgement that the client wants, if any */
  constructor(connection: Connection, event: string, ackId: string | undefined) {
    this.#connection = connection;
    this.#event = event;
    this.#ackId = ackId;
  }

  get isAcknowledged(): boolean {
    return this.#ackId !== undefined;
  }

  ok(result: object = {}): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    if (this.#ackId !== undefined) this.#connection.acknowledge(this.#ackId, JSON.stringify({ ok: true, ...result }));
  }

  /** @param json - of the result, an object with members */
  okEncoded(json: string): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    if (this.#ackId !== undefined) this.#connection.acknowledge(this.#ackId, `{"ok":true,${json.slice('{'.length)}`);
  }

  refuse(error: ErrorBody): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    if (this.#ackId !== undefined) this.#connection.acknowledge(this.#ackId, JSON.stringify({ ok: false, error }));
    else this.#connection.send('signal_error', { event: this.#event, ...error });
    this.#connection.countRefusal(error.code);
  }
}

/** What a refusal says of an error; of a fault of ours, only that there was one. */
export function errorBody(error: unknown): ErrorBody {
  return error instanceof SignalingError
    ? error.toJSON()
    : { code: 'internal', message: 'the server failed; try again' };
}
