const MAX_MESSAGES = 256;
const MAX_LENGTH = 256 * 1024;

/** Encoded messages for a device that is lost, in order; the oldest make room. */
export class Mailbox {
  #messages: string[] = [];
  #length = 0;

  /** @param messages - what waits already */
  constructor(messages: readonly string[] = []) {
    for (const message of messages) this.push(message);
  }

  push(message: string): void {
    this.#messages.push(message);
    this.#length += message.length;
    while (this.#messages.length > MAX_MESSAGES || this.#length > MAX_LENGTH) {
      this.#length -= this.#messages.shift()?.length ?? this.#length;
    }
  }

  /** Hands everything out, once. */
  take(): string[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#length = 0;
    return messages;
  }
}
