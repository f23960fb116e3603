import type { DeviceKey } from '../domain/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Candidate } from './candidate.js';
import type { Deliver } from './deliver.js';
import type { Leg } from './leg.js';

/**
 * Sends what one side of a call has for a device of the other: in batches where they are taken, else one by one.
 *
 * @see SPEC.md, rule ICE-9
 */
export function sendCandidates(
  deliver: Deliver,
  leg: Pick<Leg, 'callId' | 'user'>,
  to: DeviceKey,
  candidates: Candidate[],
): void {
  if (!deliver.takes(to, 'ice_batch')) {
    for (const candidate of candidates) sendCandidate(deliver, leg, to, candidate);
    return;
  }
  for (let start = 0; start < candidates.length; start += LIMITS.candidatesPerBatch) {
    const batch = candidates.slice(start, start + LIMITS.candidatesPerBatch);
    const [first = null] = batch;
    if (batch.length === 1) sendCandidate(deliver, leg, to, first);
    else deliver.toDevice(to, 'ice_candidates', { callId: leg.callId, from: leg.user, candidates: batch });
  }
}

export function sendCandidate(
  deliver: Deliver,
  leg: Pick<Leg, 'callId' | 'user'>,
  to: DeviceKey,
  candidate: Candidate,
): void {
  deliver.toDevice(to, 'ice_candidate', { callId: leg.callId, from: leg.user, candidate });
}
