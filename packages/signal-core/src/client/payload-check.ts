import { SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { Renegotiation } from '../protocol/signal.js';

/** A session description as a browser has it: an `RTCSessionDescription`, or what `createOffer()` makes. */
export interface DescriptionLike {
  readonly type: string;
  readonly sdp?: string | undefined;
}

type DescriptionType = 'offer' | 'answer' | 'pranswer';

/**
 * What the wire takes of a description.
 *
 * @param types - those that fit here
 * @throws SignalingError `invalid_payload`, `payload_too_large`
 */
export function sessionDescription<Type extends DescriptionType>(
  { type, sdp }: DescriptionLike,
  ...types: Type[]
): { type: Type; sdp: string } {
  const known = types.find((name) => name === type);
  if (known === undefined) throw invalid(`a description of type ${types.join(' or ')} is needed, not ${type}`);
  if (typeof sdp !== 'string' || !sdp.startsWith('v=0')) throw invalid(`the ${type} holds no SDP`);
  if (sdp.length > LIMITS.sdpLength) throw tooLarge('an SDP', LIMITS.sdpLength);
  return { type: known, sdp };
}

/** What the wire takes within a call. @throws SignalingError `invalid_payload`, `payload_too_large` */
export function renegotiation(description: DescriptionLike): Renegotiation {
  if (description.type === 'rollback') return { type: 'rollback' };
  return sessionDescription(description, 'offer', 'answer', 'pranswer');
}

/** @throws SignalingError `invalid_payload`, `payload_too_large` */
export function checkJson(name: string, data: unknown, maxLength: number): void {
  if (lengthOf(name, data) > maxLength) throw tooLarge(name, maxLength);
}

function lengthOf(name: string, data: unknown): number {
  try {
    const json: unknown = JSON.stringify(data);
    if (typeof json === 'string') return json.length;
  } catch {
    // a circle, or a BigInt
  }
  throw invalid(`${name} must be JSON`);
}

function invalid(message: string): SignalingError {
  return new SignalingError('invalid_payload', message);
}

function tooLarge(name: string, max: number): SignalingError {
  return new SignalingError('payload_too_large', `${name} may have ${max} characters at most`);
}
