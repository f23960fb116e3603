import { EXIT, type ExitName } from './exit-codes.js';

/** A reason to stop that the person at the terminal can act on: one line, and the exit code that goes with it. */
export class Failure extends Error {
  readonly exit: ExitName;

  /**
   * @param exit - which exit code
   * @param message - what went wrong and what to do next; no secret, SDP or token
   */
  constructor(exit: ExitName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.exit = exit;
  }

  get exitCode(): number {
    return EXIT[this.exit];
  }
}
