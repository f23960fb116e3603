import type { JoinSuccess, PresenceChange, PresenceState, UserRef } from 'signal-core/protocol';
import { expect } from 'vitest';
import type { LegacyClient } from './legacy-client.ts';
import type { Stage } from './stage.ts';

type Change = Pick<PresenceChange, 'joined' | 'left'>;
type Extra = Record<string, unknown>;

export const named = (users: readonly { username: string }[]) => users.map((user) => user.username).sort();

/** One more device, and what it was told. `extra` goes into `join`. */
export async function come({ login, connect }: Stage, name: string, extra: Extra = {}) {
  const user = await login(name);
  const client = await connect(name);
  const success = await client.join({ ...user, ...extra });
  return { client, success };
}

/** A list of who is online, kept as PRES-7 says: what was given, and every later change in order. */
export class KeptList {
  readonly client: LegacyClient;
  readonly #users = new Map<string, string>();
  epoch: string | undefined;
  version = 0;

  constructor(client: LegacyClient, success: JoinSuccess) {
    this.client = client;
    this.returned(success);
  }

  get names(): string[] {
    return [...this.#users.values()].sort();
  }

  get point() {
    return { epoch: this.epoch, version: this.version };
  }

  /** The client came back, with or without `presenceSince`. */
  returned({ onlineUsers, presenceChange, presenceEpoch, presenceVersion }: JoinSuccess): void {
    if (presenceChange === undefined) this.#replace(onlineUsers);
    else this.#apply(presenceChange);
    this.epoch = presenceEpoch;
    this.version = presenceVersion ?? Number.NaN;
  }

  synced(answer: PresenceState | PresenceChange): void {
    if ('users' in answer) this.#replace(answer.users);
    else this.#apply(answer);
    this.epoch = answer.epoch;
    this.version = answer.version;
  }

  /** Takes the next change, which must be the next version. */
  async next(): Promise<PresenceChange> {
    const change = (await this.client.next('presence_changed')) as PresenceChange;
    expect(change).toMatchObject({ epoch: this.epoch, version: this.version + 1 });
    this.version = change.version;
    this.#apply(change);
    return change;
  }

  /** Takes changes until these are online, by name. @returns the changes */
  async until(...names: string[]): Promise<PresenceChange[]> {
    const changes: PresenceChange[] = [];
    while (this.names.join() !== names.sort().join()) changes.push(await this.next());
    return changes;
  }

  #replace(users: UserRef[]): void {
    this.#users.clear();
    for (const { id, username } of users) this.#users.set(id, username);
  }

  #apply({ joined, left }: Change): void {
    for (const { id, username } of joined) this.#users.set(id, username);
    for (const id of left) this.#users.delete(id);
  }
}

/** A device that is told of changes, and the list that it keeps. */
export async function watch(stage: Stage, name: string, extra: Extra = {}): Promise<KeptList> {
  const { client, success } = await come(stage, name, { presence: 'delta', ...extra });
  return new KeptList(client, success);
}
