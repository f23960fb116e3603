import { z } from 'zod';
import type { Call } from '../domain/call.js';
import { FEATURES } from '../domain/feature.js';
import type { DeviceKey } from '../domain/ids.js';
import { candidateSchema } from '../protocol/signal.js';
import type { RelayMessage } from './in-order.js';

const count = z.int().nonnegative();
const name = z.string().min(1);
const device = z.custom<DeviceKey>((key) => typeof key === 'string' && key.includes('/'));
const candidate = candidateSchema.nullable();

/** An encoded event: what is anything else would close the connection of whoever gets it. */
const text = z.string().refine(isEvent);

/** The events of one call to the device. */
const streamSchema = z.object({
  callId: name,
  id: name,
  kept: z.array(text).max(256),
  nextSeq: z.int().positive(),
  endedAt: count.optional(),
});

/** The device's own side of one call. */
const legSchema = z.object({
  callId: name,
  peerUser: name,
  peer: device.optional(),
  held: z.array(candidate),
  sdp: z.string(),
  lastSeq: count,
  trickled: count,
  /** How many of the held candidates rung devices were sent, and whether they are to be sent the next ones. */
  heard: z.array(z.object({ device, count, follows: z.boolean() })),
});

const earlySchema = z.object({ to: name, candidate, until: count });

/** What a device did not get, or is to go on with. */
const heldSchema = z.object({
  /** What it was kept for: a device that takes something else gets no stream. */
  features: z.array(z.enum(FEATURES)),
  texts: z.array(text).max(256),
  streams: z.array(streamSchema),
  missedRings: z.array(name).max(32),
  /** Nobody knows what it was told before that. */
  isLate: z.boolean(),
});

/** What a device sent that waits. */
const sentSchema = z.object({ legs: z.array(legSchema), early: z.array(earlySchema).max(128) });

const end = z.looseObject({ device, link: z.looseObject({ state: z.enum(['up', 'kept', 'lost']) }) });
const user = z.looseObject({ id: name, username: z.string() });
const facts = { id: name, version: z.int().positive(), from: user, to: user };
const callShape = z.discriminatedUnion('status', [
  z.looseObject({ ...facts, status: z.literal('ringing'), caller: end, rung: z.array(end) }),
  z.looseObject({ ...facts, status: z.literal('active'), caller: end, callee: end }),
  z.looseObject({ ...facts, status: z.literal('ended'), callerDevice: device }),
]);

/** A call, as the device was told of it. What a later release adds to it stays. */
const toldSchema = z.object({ scope: z.string(), call: z.custom<Call>((call) => callShape.safeParse(call).success) });

const relayShape = z.looseObject({
  type: z.literal('relay'),
  scope: z.string(),
  callId: name,
  version: count,
  from: device,
  to: device,
  run: z.int().positive(),
  n: z.int().positive(),
  event: z.enum(['ice_candidates', 'session_description', 'call_info']),
  payload: z.looseObject({}),
});

const positionSchema = z.object({
  callId: name,
  from: device,
  origin: name,
  run: z.int().positive(),
  next: z.int().positive(),
  early: z.array(z.custom<RelayMessage>((message) => relayShape.safeParse(message).success)).max(256),
});

export type KeptStream = z.infer<typeof streamSchema>;
export type KeptLeg = z.infer<typeof legSchema>;
export type KeptEarly = z.infer<typeof earlySchema>;
export type KeptHeld = z.infer<typeof heldSchema>;
export type KeptSent = z.infer<typeof sentSchema>;

/**
 * All that a node keeps for a device, as it moves to another node with it.
 *
 * @see SPEC.md, rule NODE-5
 */
export const keptSchema = z.object({
  held: heldSchema,
  sent: sentSchema,
  told: z.array(toldSchema),
  /** How far what peers of other nodes sent has come. */
  positions: z.array(positionSchema),
});
export type Kept = z.infer<typeof keptSchema>;

function isEvent(encoded: string): boolean {
  if (!encoded.startsWith('2[')) return false;
  try {
    const [event, payload, ...rest]: unknown[] = JSON.parse(encoded.slice(1));
    return typeof event === 'string' && payload !== null && typeof payload === 'object' && rest.length === 0;
  } catch {
    return false;
  }
}
