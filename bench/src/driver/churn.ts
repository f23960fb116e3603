import { Client } from './client.js';
import { onSchedule, type Schedule } from './on-schedule.js';
import { presencePoint } from './presence-point.js';
import type { User } from './protocols/protocol.js';
import { PROTOCOLS, type ProtocolName } from './protocols/protocols.js';

/** Who is still connecting so long after the last one began is not waited for. */
const LAST_JOIN_MS = 5_000;

interface ChurnOptions {
  protocol: ProtocolName;
  port: number;
  /** Those who leave in turn. */
  online: readonly Client[];
  /** Those who come in turn; each that has left comes again, behind them. */
  away: readonly User[];
}

/** What has come of it so far. */
export interface ChurnProgress {
  joins: number;
  leaves: number;
  /** Payload bytes to those who come and go. */
  bytes: number;
}

/** Users who leave and come at a steady rate: each time one who has been online the longest, one away the longest. */
export class Churn {
  readonly #options: ChurnOptions;
  readonly #online: Client[];
  readonly #away: User[];
  readonly #progress: ChurnProgress = { joins: 0, leaves: 0, bytes: 0 };
  /** By user: the last thing that it was told of presence. */
  readonly #told = new Map<User, Buffer>();

  constructor(options: ChurnOptions) {
    this.#options = options;
    this.#online = [...options.online];
    this.#away = [...options.away];
    for (const client of this.#online) this.#listen(client);
  }

  /** The ids of those who are online. */
  get online(): string[] {
    return this.#online.map(({ user }) => user.id);
  }

  get progress(): ChurnProgress {
    return { ...this.#progress };
  }

  /** One leaves and one joins, so many times a second; then waits until all are in. */
  async run(schedule: Schedule, halt: AbortSignal): Promise<void> {
    const joins: Promise<void>[] = [];
    const change = () => {
      const [leaving, coming] = [this.#online.shift(), this.#away.shift()];
      if (leaving !== undefined) this.#leave(leaving);
      // Who fails to get in is missing in the number of joins.
      if (coming !== undefined) joins.push(this.#join(coming).catch(() => {}));
    };
    await onSchedule(schedule, change, halt);
    await Promise.race([Promise.all(joins), new Promise((resolve) => setTimeout(resolve, LAST_JOIN_MS).unref())]);
  }

  async #join(user: User): Promise<void> {
    const { protocol, port } = this.#options;
    const client = new Client(PROTOCOLS[protocol], port, user);
    this.#listen(client);
    await client.joined();
    this.#progress.joins += 1;
    this.#online.push(client);
  }

  #leave(client: Client): void {
    client.leave();
    client.listener = undefined;
    this.#progress.leaves += 1;
    const told = this.#told.get(client.user);
    const since = told === undefined ? undefined : presencePoint(told);
    this.#away.push({ ...client.user, ...(since !== undefined && { since }) });
    this.#told.delete(client.user);
  }

  #listen(client: Client): void {
    client.listener = ({ kind }, _text, message) => {
      this.#progress.bytes += message.length;
      if (kind === 'joined' || kind === 'changes') this.#told.set(client.user, message);
    };
  }
}
