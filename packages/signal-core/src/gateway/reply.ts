import { type ErrorBody, SignalingError } from '../protocol/errors.js';
import type { Connection } from './connection.js';

type Acknowledge = (answer: object) => void;

/** The answer to one event: given once, by acknowledgement where the client asked for one. */
export class Reply {
  readonly #connection: Connection;
  readonly #event: string;
  readonly #acknowledge: Acknowledge | undefined;
  #isGiven = false;

  constructor(connection: Connection, event: string, acknowledge: Acknowledge | undefined) {
    this.#connection = connection;
    this.#event = event;
    this.#acknowledge = acknowledge;
  }

  get isAcknowledged(): boolean {
    return this.#acknowledge !== undefined;
  }

  ok(result: object = {}): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    this.#acknowledge?.({ ok: true, ...result });
  }

  refuse(error: ErrorBody): void {
    if (this.#isGiven) return;
    this.#isGiven = true;
    if (this.#acknowledge !== undefined) this.#acknowledge({ ok: false, error });
    else this.#connection.send('signal_error', { event: this.#event, ...error });
  }
}

/** What a refusal says of an error; of a fault of ours, only that there was one. */
export function errorBody(error: unknown): ErrorBody {
  return error instanceof SignalingError
    ? error.toJSON()
    : { code: 'internal', message: 'the server failed; try again' };
}
