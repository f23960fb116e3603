import type { Clock } from '../clock.js';
import type { Call, CallRules } from '../domain/call.js';
import type { Effect } from '../domain/effect.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';
import type { Place } from '../domain/session.js';
import type { CallHook, ScopeHook, SeeHook } from '../hooks.js';
import type { Limits } from '../limits.js';
import type { Logger } from '../log.js';
import type { ScopedStores, Stores } from '../stores/stores.js';

/** What a decision made of a call; the same call when there was nothing to commit. */
export interface Change {
  /** What was decided on; `undefined` for a new call. */
  before: Call | undefined;
  after: Call;
}

/** What deciding and changing calls needs, whatever their scope. */
export interface CallSetting {
  rules: CallRules;
  limits: Pick<Limits, 'callsPerMinute' | 'callBurst' | 'callsToUserPerMinute' | 'connectionsPerUser'>;
  /** How long a lost device counts as online, in milliseconds. */
  presenceGraceMs: number;
  clock: Clock;
  log: Logger;
  hooks: {
    authorizeCall?: CallHook;
    onUnreachable?: CallHook;
    scopeOf?: ScopeHook;
    /** One that never throws. */
    canSee?: SeeHook;
  };
  /** The server is going down: no call is placed any more. */
  isDraining(): boolean;
  /** What this node is called now, where there are several. */
  node?: (() => NodeId) | undefined;
  /** Carries out what committed decisions ask for. */
  run(effects: Effect[], changes: Change[], scope: string): void;
}

/** All that deciding and changing the calls of one scope needs. */
export interface CallContext extends CallSetting {
  scope: string;
  /** The calls and claims of the scope; the rest is of all. */
  stores: ScopedStores & Pick<Stores, 'presence' | 'users' | 'rates'>;
}

/** A device of this node, as commands name it. */
export function heldHere({ node }: Pick<CallSetting, 'node'>, device: DeviceKey): Place {
  return node === undefined ? { device } : { device, node: node() };
}

/** How often a lost race is decided anew; each loss means that somebody else got on. */
export const MAX_ATTEMPTS = 20;
