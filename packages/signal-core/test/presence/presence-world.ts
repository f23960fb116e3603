import type { Connection } from '../../src/gateway/connection.ts';
import { PresenceBroadcast } from '../../src/gateway/presence-broadcast.ts';
import { Watchers } from '../../src/gateway/watchers.ts';
import type { Prepared } from '../../src/gateway/wire.ts';
import type { SeeHook } from '../../src/hooks.ts';
import { type Logger, silentLogger } from '../../src/log.ts';
import { Roster } from '../../src/presence/roster.ts';
import type { ServerEvent } from '../../src/protocol/server-events.ts';
import { FakeClock } from '../../src/testing/index.ts';

/** The far end of a connection: what it was sent, decoded, in order. */
export class Wire {
  isOpen = true;
  readonly #onEvent: (event: ServerEvent, payload: unknown) => void;

  constructor(onEvent: (event: ServerEvent, payload: unknown) => void) {
    this.#onEvent = onEvent;
  }

  write(text: string): void {
    if (!this.isOpen) throw new Error(`written to a closed connection: ${text}`);
    const [event, payload] = JSON.parse(text.slice(1)) as [ServerEvent, unknown];
    this.#onEvent(event, payload);
  }

  writePrepared({ text }: Prepared): void {
    this.write(text);
  }

  /** Nothing else of a connection is touched. */
  get connection(): Connection {
    return this as unknown as Connection;
  }
}

/** Presence as it really is, on a clock that stands still, and what went wrong in a broadcast. */
export function presenceWorld(budgetBytesPerSecond = 20_000_000, canSee?: SeeHook) {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const log: Logger = { ...silentLogger, error: (fields) => void faults.push(Object(fields).err) };
  const roster: Roster = new Roster({
    clock,
    presenceGraceMs: 5_000,
    onChange: (scope) => broadcast.changed(scope),
    onOnline() {},
    onOffline() {},
  });
  const watchers = new Watchers(roster, canSee);
  const broadcast = new PresenceBroadcast({ clock, log, budgetBytesPerSecond, roster, watchers });
  return { clock, roster, watchers, broadcast, faults };
}
