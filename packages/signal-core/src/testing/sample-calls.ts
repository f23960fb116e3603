import type { ActiveCall, EndedCall, LiveCall, RingingCall, User } from '../domain/call.js';
import { endCall } from '../domain/end-call.js';
import { deviceKey } from '../domain/ids.js';
import type { CallStore, Commit } from '../stores/call-store.js';

/** When sample calls are placed, in epoch milliseconds. */
export const SAMPLE_TIME = Date.UTC(2030, 0, 1);

export const alice: User = { id: 'alice', username: 'Alice' };
export const bob: User = { id: 'bob', username: 'Bob' };
export const carol: User = { id: 'carol', username: 'Carol' };
export const dave: User = { id: 'dave', username: 'Dave' };

interface Parties {
  from: User;
  to: User;
}

/** A new call; unless told otherwise from Alice to Bob, due in a minute. */
export function sampleRinging(
  id: string,
  { from, to, dueAt = SAMPLE_TIME + 60_000 }: Partial<Parties> & { dueAt?: number } = {},
): RingingCall {
  return {
    id,
    version: 1,
    from: { ...(from ?? alice) },
    to: { ...(to ?? bob) },
    callType: 'video',
    startedAt: SAMPLE_TIME,
    status: 'ringing',
    caller: { device: deviceKey((from ?? alice).id, 'laptop'), link: { state: 'up' } },
    rung: [{ device: deviceKey((to ?? bob).id, 'phone'), link: { state: 'up' } }],
    offer: { type: 'offer', sdp: 'v=0\r\n' },
    ringUntil: dueAt,
    dueAt,
  };
}

/** The same call answered, as the next version. */
export function sampleActive({ rung, offer, ringUntil, ...call }: RingingCall, dueAt = call.dueAt): ActiveCall {
  return {
    ...call,
    version: call.version + 1,
    status: 'active',
    callee: { device: deviceKey(call.to.id, 'phone'), link: { state: 'up' } },
    answeredAt: SAMPLE_TIME + 1_000,
    dueAt,
  };
}

export function sampleEnded(call: LiveCall, at = SAMPLE_TIME + 2_000): EndedCall {
  return endCall(call, { reason: 'hangup', at, by: call.caller.device }).call;
}

/** A new call on the lines of both users, as they are. */
export async function placing(store: CallStore, call: RingingCall): Promise<Commit> {
  const lines = await Promise.all([store.line(call.from.id), store.line(call.to.id)]);
  return {
    calls: [{ call, expectedVersion: 0 }],
    lines: lines.map(({ userId, version }) => ({ userId, expectedVersion: version })),
  };
}

/** The next version of a call. */
export function changing(call: Commit['calls'][number]['call']): Commit {
  return { calls: [{ call, expectedVersion: call.version - 1 }], lines: [] };
}

/** A store in which the call rings. */
export async function ringingIn<Store extends CallStore>(
  createStore: () => Store | Promise<Store>,
  ...calls: RingingCall[]
): Promise<Store> {
  const store = await createStore();
  for (const call of calls) {
    if (!(await store.commit(await placing(store, call)))) throw new Error(`${call.id} could not be placed`);
  }
  return store;
}
