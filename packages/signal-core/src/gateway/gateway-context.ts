import type { Authenticator } from '../auth/authenticator.js';
import type { AllCalls } from '../calls/all-calls.js';
import type { Outcome } from '../calls/apply-command.js';
import type { CallContext } from '../calls/call-context.js';
import type { SignalRelay } from '../calls/signal-relay.js';
import type { ReadClientAddress } from '../client-address.js';
import type { Clock } from '../clock.js';
import type { CallId } from '../domain/ids.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Ending } from '../nodes/end-locally.js';
import type { HandOver } from '../nodes/hand-over.js';
import type { ResolvedOptions } from '../options.js';
import type { SessionTracker } from '../presence/track-sessions.js';
import type { SecurityLog } from '../security-log.js';
import type { Devices } from './devices.js';
import type { MayBeRelay } from './relay-addresses.js';
import type { Watchers } from './watchers.js';

/** What handlers work with. */
export interface GatewayContext {
  options: ResolvedOptions;
  /** This machine's: credentials, and what one connection may do, are no business of other nodes. */
  clock: Clock;
  authenticator: Authenticator;
  readAddress: ReadClientAddress;
  security: SecurityLog;
  metrics: Metrics;
  calls: AllCalls;
  relay: SignalRelay;
  mayBeRelay: MayBeRelay;
  devices: Devices;
  sessions: SessionTracker;
  watchers: Watchers;
  /** Where there are several nodes. */
  handOver: HandOver | undefined;
  /** Waits, where there are several nodes, until this one is ready. */
  opened: (() => Promise<void>) | undefined;
  /** Hangs up, or declines. */
  applyEnding(context: CallContext, callId: CallId, command: Ending): Promise<Outcome>;
}
