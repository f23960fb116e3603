import type { Authenticator, RevokeTarget } from './auth/authenticator.js';
import { type AllCalls, inEveryScope } from './calls/all-calls.js';
import { applyCommand } from './calls/apply-command.js';
import { isInCall, type LiveCall } from './domain/call.js';
import type { UserId } from './domain/ids.js';
import type { Gateway } from './gateway/gateway.js';
import { inTime } from './in-time.js';
import type { ThisNode } from './nodes/this-node.js';
import type { NodeMessage } from './stores/nodes.js';

/** How long calls may take to end before whoever is disconnected is, in milliseconds: the store may be away. */
const ENDING_MS = 2_000;

type Revocation = Extract<NodeMessage, { type: 'revoke' }>;

interface Parts {
  calls: AllCalls;
  gateway: Gateway;
  authenticator: Authenticator;
  node: ThisNode | undefined;
}

/**
 * Disconnects people for good, wherever they are connected.
 *
 * @see SPEC.md, rules AUTH-13 and NODE-12
 */
export class Dismissals {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ends the calls of a user, and disconnects every device. @returns how many there were */
  async disconnectUser(userId: UserId): Promise<number> {
    return this.#endAndDismiss(
      () => this.#endCallsOf(userId, () => true),
      () => {
        this.#parts.node?.sendAll({ type: 'dismiss_user', userId });
        return this.#parts.gateway.disconnectUser(userId);
      },
    );
  }

  /** Refuses credentials from now on, and disconnects whoever lives by them. @returns how many, of those that are known here */
  async revoke(target: RevokeTarget): Promise<number> {
    const { node, calls } = this.#parts;
    const at = calls.clock.now();
    this.#refuse(target, at);
    node?.sendAll({ type: 'revoke', ...target, at });
    // those that cannot be told from later ones go, too
    return isOfWholeUser(target) ? this.disconnectUser(target.userId) : this.#dismissRevoked();
  }

  /** Another node disconnects a user, whose calls it has ended. */
  async heedDismissal(userId: UserId): Promise<void> {
    await this.#parts.gateway.disconnectUser(userId);
  }

  /** Another node takes credentials back; when it disconnects a whole user, it says so besides. */
  async heedRevocation({ userId, jti, issuedBefore, at }: Revocation): Promise<void> {
    if (userId !== undefined) this.#refuse({ userId, ...(issuedBefore !== undefined && { issuedBefore }) }, at);
    else if (jti !== undefined) this.#refuse({ jti }, at);
    if (userId === undefined || issuedBefore !== undefined) await this.#dismissRevoked();
  }

  #refuse(target: RevokeTarget, at: number): void {
    const { authenticator } = this.#parts;
    if (authenticator.mode !== 'open') authenticator.revoke(target, at);
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
    // told of below; nobody may be listening yet
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

function isOfWholeUser(target: RevokeTarget): target is { userId: string } {
  return 'userId' in target && target.issuedBefore === undefined;
}
