import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../auth/authenticator.js';
import type { AllCalls } from '../calls/all-calls.js';
import type { ReadClientAddress } from '../client-address.js';
import type { Clock } from '../clock.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ResolvedOptions } from '../options.js';
import type { Roster } from '../presence/roster.js';
import type { SecurityLog } from '../security-log.js';
import type { LoginLimits } from './login-limits.js';

/** What a host may say of its REST routes. */
export interface RouterOptions {
  /**
   * In `open`: which scope a request may see, by what the host knows of its sender: a session, a token. Asked only with
   * the option `scopeOf` of the server; in every other mode it is the scope of who asks.
   *
   * @default the scope `''`
   */
  scopeOf?: (request: IncomingMessage) => string;
}

/** What the routes answer from. */
export interface RestContext extends RouterOptions {
  options: ResolvedOptions;
  /** This machine's, by which credentials lapse. */
  clock: Clock;
  authenticator: Authenticator;
  readAddress: ReadClientAddress;
  security: SecurityLog;
  calls: AllCalls;
  roster: Roster;
  metrics: Metrics;
  logins: LoginLimits;
}
