import type { RevokeTarget } from './auth/authenticator.js';
import { type AllCalls, inEveryScope } from './calls/all-calls.js';
import { applyCommand } from './calls/apply-command.js';
import type { Clock } from './clock.js';
import { isInCall, type LiveCall } from './domain/call.js';
import type { UserId } from './domain/ids.js';
import type { Revocation } from './domain/revocation.js';
import type { Revocations } from './domain/revocations.js';
import type { Gateway } from './gateway/gateway.js';
import { inTime } from './in-time.js';
import type { ThisNode } from './nodes/this-node.js';

/** How long calls may take to end before whoever is disconnected is, in milliseconds: the store may be away. */
const ENDING_MS = 2_000;

interface Parts {
  calls: AllCalls;
  /** By which credentials are issued and looked at. */
  clock: Clock;
  gateway: Gateway;
  /** What was taken back, as far as this server knows; `undefined` where nobody shows credentials. */
  revocations: Revocations | undefined;
  /** Tells the stores. */
  save(revocation: Revocation): Promise<void>;
  node: ThisNode | undefined;
}

/**
 * Disconnects people for good, wherever they are connected.
 *
 * @see SPEC.md, rules AUTH-13, NODE-12 and NODE-16
 */
export class Dismissals {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends the calls of a user, and disconnects every device. @returns how many there were */
  async disconnectUser(userId: UserId): Promise<number> {
    const { calls, gateway, node } = this.#parts;
    return this.#endAndDismiss(
      () => this.#endCallsOf(userId, () => true),
      async () => {
        // asked before they leave, and waited for after: a store may fail, or never answer
        const asked = calls.stores.presence.sessionsOf(userId);
        gateway.dismiss(
          ({ session, credentials }) => session?.user.id === userId || credentials.identity?.id === userId,
        );
        const sessions = await asked;
        node?.sendAll({ type: 'dismiss_user', userId, socketIds: sessions.map(({ socketId }) => socketId) });
        await gateway.leaveLost(sessions);
        return sessions.length;
      },
    );
  }

  /** Refuses credentials from now on, and disconnects whoever lives by them. @returns how many, of those that are known here */
  async revoke(target: RevokeTarget): Promise<number> {
    const { revocations, save, node, calls, clock } = this.#parts;
    const revocation = revocationOf(target, clock.now());
    revocations?.add(revocation);
    const saving = inTime(calls.clock, ENDING_MS, async () => revocations && save(revocation));
    // told of below; nobody may be listening yet
    saving.catch(() => {});
    node?.sendAll({ type: 'revoke', revocation });
    // those that cannot be told from later ones go, too
    const dismissed = await (isOfWholeUser(target) ? this.disconnectUser(target.userId) : this.#dismissRevoked());
    await saving;
    return dismissed;
  }

  /** Another node disconnects a user, whose calls it has ended. */
  async heedDismissal(userId: UserId, socketIds: readonly string[]): Promise<void> {
    const { calls, gateway } = this.#parts;
    const ids = new Set(socketIds);
    gateway.dismiss(({ id }) => ids.has(id));
    const sessions = await calls.stores.presence.sessionsOf(userId);
    await gateway.leaveLost(sessions.filter(({ socketId }) => ids.has(socketId)));
  }

  /** Other nodes took credentials back; when one disconnects a whole user, it says so besides. */
  async heedRevocations(taken: readonly Revocation[]): Promise<void> {
    const { revocations } = this.#parts;
    const news = taken.filter((revocation) => revocations?.add(revocation));
    if (news.length > 0) await this.#dismissRevoked();
  }

  async #dismissRevoked(): Promise<number> {
    const { gateway } = this.#parts;
    const sessions = gateway.revokedSessions();
    const end = async () => {
      for (const { user, device } of sessions) await this.#endCallsOf(user.id, (call) => isInCall(call, device));
    };
    await this.#endAndDismiss(end, () => gateway.dismissRevoked());
    return sessions.length;
  }

  /** Calls end first, so that they end as `removed`; connections do whatever becomes of the calls. */
  async #endAndDismiss<T>(end: () => Promise<void>, dismiss: () => Promise<T>): Promise<T> {
    const ending = inTime(this.#parts.calls.clock, ENDING_MS, end);
    await ending.catch(() => {});
    const dismissed = await dismiss();
    await ending;
    return dismissed;
  }

  async #endCallsOf(userId: UserId, isOne: (call: LiveCall) => boolean): Promise<void> {
    const { calls } = this.#parts;
    const { stores, clock } = calls;
    await inEveryScope(stores, async (scope) => {
      const line = await stores.in(scope).calls.line(userId);
      for (const call of line.calls) {
        if (!isOne(call)) continue;
        await applyCommand(calls.in(scope), call.id, { type: 'remove', reason: 'removed', at: clock.now() });
      }
    });
  }
}

/** @param at - epoch milliseconds */
function revocationOf(target: RevokeTarget, at: number): Revocation {
  if ('jti' in target) return { jti: target.jti };
  // as JSON has it
  return { userId: target.userId, issuedBefore: Math.min(target.issuedBefore ?? at, Number.MAX_SAFE_INTEGER) };
}

function isOfWholeUser(target: RevokeTarget): target is { userId: string } {
  return 'userId' in target && target.issuedBefore === undefined;
}
