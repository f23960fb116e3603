import { z } from 'zod';
import { LIMITS } from './limits.js';

/** Anything but control characters, CR, LF and TAB excepted. */
const WITHOUT_CONTROL_CHARACTERS = /^[\t\n\r -~\x80-\uffff]*$/;

const sdpSchema = z
  .string()
  .max(LIMITS.sdpLength, { abort: true })
  .startsWith('v=0')
  .regex(WITHOUT_CONTROL_CHARACTERS, 'must not hold control characters');

/** An SDP offer (RFC 3264). Only the shape is checked, never the grammar of its lines. */
export const offerSchema = z
  .object({ type: z.literal('offer'), sdp: sdpSchema })
  .describe('An SDP offer, as `RTCPeerConnection` takes it.');

/** An SDP answer (RFC 3264). */
export const answerSchema = z
  .object({ type: z.literal('answer'), sdp: sdpSchema })
  .describe('An SDP answer, as `RTCPeerConnection` takes it.');

/** What renegotiates a call: an offer, an answer, or the withdrawal of an offer (RFC 8829, section 4.1.10.2). */
export const descriptionSchema = z
  .discriminatedUnion('type', [
    offerSchema,
    answerSchema,
    z.object({ type: z.literal('pranswer'), sdp: sdpSchema }),
    z.object({ type: z.literal('rollback') }),
  ])
  .describe('What renegotiates a call: an offer, an answer, or the withdrawal of an offer.');

/** A trickled ICE candidate (RFC 8838) as `RTCIceCandidate.toJSON()` writes it. */
export const candidateSchema = z
  .object({
    candidate: z
      .string()
      .max(LIMITS.candidateLength)
      .regex(/^(candidate:[^\r\n]*)?$/, "must be '' or begin with 'candidate:'"),
    sdpMid: z.string().max(64).nullish(),
    sdpMLineIndex: z.int().min(0).max(65535).nullish(),
    usernameFragment: z.string().max(256).nullish(),
  })
  .describe('A trickled ICE candidate, as `RTCIceCandidate.toJSON()` writes it.');

export type IceCandidate = z.infer<typeof candidateSchema>;
export type Renegotiation = z.infer<typeof descriptionSchema>;
