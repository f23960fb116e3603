import { isReplacedBy, relinked } from '../domain/call.js';
import type { PlaceCommand, Refusal } from '../domain/command.js';
import { judgeFirst, startCall } from '../domain/start-call.js';
import { ask, callRequest } from '../hooks.js';
import { applyCommand } from './apply-command.js';
import { type CallContext, MAX_ATTEMPTS } from './call-context.js';
import { takeOfCallee, takeOfCaller } from './call-rates.js';
import { catchUpWithDevices } from './device-calls.js';
import { findInScope, type KnownUser } from './scope.js';

type Code = Refusal | 'unavailable' | 'server_draining';
export type PlaceOutcome = { ok: true } | { ok: false; code: Code; callId?: string; retryAfterMs?: number };

/**
 * Places a call. However it is refused, the call that the device still had ringing is over: its caller has hung up.
 *
 * @see SPEC.md, rules CALL-8 to CALL-14, LIMIT-4, LIMIT-5, PRES-11 and SEE-2
 */
export async function placeCall(context: CallContext, command: PlaceCommand): Promise<PlaceOutcome> {
  const outcome = await judge(context, command);
  if (!outcome.ok) await hangUpReplaced(context, command);
  return outcome;
}

async function hangUpReplaced(context: CallContext, { callId, from, device, at }: PlaceCommand): Promise<void> {
  const { calls } = await context.stores.calls.line(from.id);
  for (const call of calls) {
    if (call.id !== callId && isReplacedBy(call, device))
      await applyCommand(context, call.id, { type: 'replace', device, at });
  }
}

/**
 * Asks the host, then decides on the lines of both users and commits on their versions, so that of two calls
 * that cross only one can win.
 */
async function judge(context: CallContext, command: PlaceCommand): Promise<PlaceOutcome> {
  const { stores, hooks } = context;
  const first = await judgeById(context, command);
  if (first !== undefined) return first;

  const callee = (await stores.users.get(command.to)) ?? { id: command.to };
  const ownWaitMs = await takeOfCaller(context, command);
  if (ownWaitMs > 0) return { ok: false, code: 'rate_limited', retryAfterMs: ownWaitMs };
  const request = callRequest({ ...command, to: callee });
  if (hooks.authorizeCall !== undefined) {
    const allowed = await ask(hooks.authorizeCall, request, context);
    if (allowed !== true) {
      const meanwhile = await judgeById(context, command);
      return meanwhile ?? { ok: false, code: allowed === false ? 'forbidden' : 'unavailable' };
    }
  }
  // whom the host forbids to call must not use up what the others may
  const waitMs = await takeOfCallee(context, callee, command);
  if (waitMs > 0) return { ok: false, code: 'rate_limited', retryAfterMs: waitMs };
  const outcome = await decideAndCommit(context, command, callee, false);
  if (outcome.ok || outcome.code !== 'user_offline' || hooks.onUnreachable === undefined) return outcome;
  const found = await findInScope(context, callee, command);
  if (!found?.isInScope) return outcome;
  const ringsUnreachable = await ask(hooks.onUnreachable, request, context);
  return ringsUnreachable === true ? decideAndCommit(context, command, callee, true) : outcome;
}

/** What the id alone, or the callee, decides. */
async function judgeById({ stores }: CallContext, command: PlaceCommand): Promise<PlaceOutcome | undefined> {
  const first = judgeFirst(command, await stores.calls.get(command.callId));
  if (first === undefined) return undefined;
  return first === 'repeated' ? { ok: true } : { ok: false, code: first };
}

async function decideAndCommit(
  context: CallContext,
  command: PlaceCommand,
  to: KnownUser,
  ringsUnreachable: boolean,
): Promise<PlaceOutcome> {
  const { stores, rules } = context;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (context.isDraining()) return { ok: false, code: 'server_draining' };
    // the first sending of a repeated call may have come through while the host was asked
    const meanwhile = await judgeById(context, command);
    if (meanwhile !== undefined) return meanwhile;
    const [callerLine, calleeLine, found] = await Promise.all([
      stores.calls.line(command.from.id),
      stores.calls.line(command.to),
      findInScope(context, to, command),
    ]);
    if (found === undefined) return { ok: false, code: 'unavailable' };
    const { isInScope, sessions } = found;
    const decision = startCall(
      command,
      {
        callerCalls: callerLine.calls,
        calleeCalls: isInScope ? calleeLine.calls : [],
        callee: isInScope ? { id: to.id, username: sessions.at(-1)?.user.username ?? to.username ?? to.id } : undefined,
        calleeDevices: sessions.map((session) =>
          relinked(session, session.lostAt === undefined ? { state: 'up' } : { state: 'lost', since: session.lostAt }),
        ),
        ringsUnreachable: ringsUnreachable && isInScope,
      },
      rules,
    );
    const committed = await stores.calls.commit({
      calls: decision.calls.map((call) => ({ call, expectedVersion: call.version - 1 })),
      lines: [callerLine, calleeLine].map(({ userId, version }) => ({ userId, expectedVersion: version })),
    });
    if (!committed) continue;
    const changes = decision.calls.map((after) => ({
      before: callerLine.calls.find(({ id }) => id === after.id),
      after,
    }));
    context.run(decision.effects, changes, context.scope);
    if (decision.refusal !== undefined) return { ok: false, ...decision.refusal };
    await catchUpWithDevices(context, command.callId);
    return { ok: true };
  }
  return { ok: false, code: 'unavailable' };
}
