import type { OnlineUser } from '../protocol/server-events.js';

/** A user of a list, with what it is as JSON, once that was needed. */
export interface ListEntry {
  readonly user: OnlineUser;
  json?: string;
  refJson?: string;
}

/** A list as JSON, made where it is asked for; each entry is encoded once. */
export class EncodedList {
  readonly #entries: readonly ListEntry[];

  constructor(entries: readonly ListEntry[]) {
    this.#entries = entries;
  }

  /** As `OnlineUser[]`. */
  get users(): string {
    return inBrackets(this.#entries, (entry) => (entry.json ??= JSON.stringify(entry.user)));
  }

  /** As `UserRef[]`: who is online, whatever their connections. */
  get refs(): string {
    return inBrackets(this.#entries, (entry) => (entry.refJson ??= refJson(entry.user)));
  }
}

function refJson({ id, username }: OnlineUser): string {
  return JSON.stringify({ id, username });
}

/** Grown bit by bit, which V8 does faster than `join`. */
function inBrackets(entries: readonly ListEntry[], encode: (entry: ListEntry) => string): string {
  let json = '';
  for (const entry of entries) json += json === '' ? encode(entry) : `,${encode(entry)}`;
  return `[${json}]`;
}
