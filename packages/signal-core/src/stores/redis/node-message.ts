import { z } from 'zod';
import type { ActiveCall, Call, EndedCall, Link, RingingCall } from '../../domain/call.js';
import { END_REASONS } from '../../domain/end-reason.js';
import type { DeviceKey } from '../../domain/ids.js';
import type { Json } from '../../domain/json.js';
import type { Revocation } from '../../domain/revocation.js';
import type { NodeMessage } from '../nodes.js';
import { fromRecord } from './record.js';

const name = z.string().min(1);
const time = z.number();
const count = z.int().nonnegative();
const device = z.custom<DeviceKey>((key) => typeof key === 'string' && key.includes('/'));
const plain = z.custom<object>((value) => typeof value === 'object' && value !== null);
/** JSON leaves out what is undefined; here the member is there again. */
const kept = plain.optional().transform((given) => given);

// loose: what a later release adds is kept, since a call is written back as it was heard of
const user = z.looseObject({ id: name, username: z.string() });
const link: z.ZodType<Link> = z.union([
  z.looseObject({ state: z.enum(['up', 'kept']) }),
  z.looseObject({ state: z.literal('lost'), since: time }),
]);
const end = z.looseObject({ device, link, node: name.exactOptional() });
const facts = {
  id: name,
  version: z.int().positive(),
  from: user,
  to: user,
  callType: z.enum(['video', 'audio']),
  startedAt: time,
};

const ringing: z.ZodType<RingingCall> = z.looseObject({
  ...facts,
  status: z.literal('ringing'),
  caller: end,
  rung: z.array(end),
  offer: z.looseObject({ type: z.literal('offer'), sdp: z.string() }),
  metadata: z.custom<Json>().exactOptional(),
  ringUntil: time,
  dueAt: time,
});
const active: z.ZodType<ActiveCall> = z.looseObject({
  ...facts,
  status: z.literal('active'),
  caller: end,
  callee: end,
  answer: z.looseObject({ type: z.literal('answer'), sdp: z.string() }).exactOptional(),
  answeredAt: time,
  dueAt: time,
});
const ended: z.ZodType<EndedCall> = z.looseObject({
  ...facts,
  status: z.literal('ended'),
  reason: z.enum(END_REASONS),
  endedAt: time,
  callerDevice: device,
  calleeDevice: device.exactOptional(),
  endedBy: device.exactOptional(),
  durationMs: time.exactOptional(),
});
const call: z.ZodType<Call> = z.union([ringing, active, ended]);

const revocation: z.ZodType<Revocation> = z.union([
  z.looseObject({ userId: name, issuedBefore: time }),
  z.looseObject({ jti: z.string() }),
]);

const scope = z.string();
const messageSchema: z.ZodType<NodeMessage> = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('call'), scope, call, passedOnFor: device.exactOptional() }),
  z.looseObject({
    type: z.literal('relay'),
    scope,
    callId: name,
    version: count,
    from: device,
    to: device,
    run: z.int().positive(),
    n: z.int().positive(),
    event: z.enum(['ice_candidates', 'session_description', 'call_info']),
    payload: plain,
  }),
  z.looseObject({ type: z.literal('shown'), scope, callId: name, device, n: z.int().positive() }),
  z.looseObject({ type: z.literal('hand_over'), ask: name, device, socketId: z.string() }),
  z.looseObject({ type: z.literal('handed_over'), ask: name, kept }),
  z.looseObject({ type: z.literal('dismiss_user'), userId: name, socketIds: z.array(z.string()) }),
  z.looseObject({ type: z.literal('revoke'), revocation }),
  z.looseObject({ type: z.literal('visibility_changed') }),
]);

/** What another node wrote, or whoever can write to Redis; `undefined` for what cannot be understood. */
export function readMessage(record: unknown): NodeMessage | undefined {
  if (typeof record !== 'string') return undefined;
  try {
    return messageSchema.safeParse(fromRecord(record)).data;
  } catch {
    return undefined;
  }
}
