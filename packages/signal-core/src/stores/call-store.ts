import type { Call, LiveCall } from '../domain/call.js';
import type { CallId, UserId } from '../domain/ids.js';

/** How long an ended call is remembered, in milliseconds, so that late commands get `invalid_state`. */
export const ENDED_CALL_TTL_MS = 120_000;

/** How long a claimed call stays with its claimer before it is due again, in milliseconds. */
export const DUE_CLAIM_MS = 5_000;

/** A user's live calls, under one version: new calls have no version in common but those of the two lines. */
export interface Line {
  userId: UserId;
  version: number;
  calls: LiveCall[];
}

/** Which state of a call there is, without the call. */
export interface CallVersion {
  id: CallId;
  version: number;
}

/** Calls to write and the versions that the decision was made on; a new call expects version 0. */
export interface Commit {
  calls: { call: Call; expectedVersion: number }[];
  lines: { userId: UserId; expectedVersion: number }[];
}

/**
 * Compare-and-set storage of calls: no rule of a call lives here.
 *
 * @see SPEC.md, section STORE; `callStoreContract` in `signal-core/testing` checks an implementation.
 */
export interface CallStore {
  get(id: CallId): Promise<Call | undefined>;
  line(userId: UserId): Promise<Line>;
  /** Writes all or nothing, lines and deadlines (`dueAt`) included; `false` when any version has moved on. */
  commit(commit: Commit): Promise<boolean>;
  /** Claims calls whose deadline has passed, for {@link DUE_CLAIM_MS}. */
  claimDue(now: number, limit: number): Promise<CallId[]>;
  live(): Promise<LiveCall[]>;
  /** The live calls of several users, each once, in the versions that they have; not all of one moment. */
  liveOf(users: readonly UserId[]): Promise<CallVersion[]>;
  countLive(): Promise<number>;
}
