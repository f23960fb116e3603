import type { Leg, Protocol } from './protocol.js';
import { readAs, signaling } from './signaling.js';
import { eventPacket } from './socketio-packets.js';

interface Options {
  /** How the client hears of who is online. */
  presence: 'delta' | 'none';
  /** Whether it asks for an acknowledgement of each message of a call, as the client of signal-core does. */
  isAcknowledged: boolean;
  /** Whether it sends candidates in batches. @default true */
  isBatching?: boolean;
}

const FEATURES = '"features":["ice_batch","early_candidates","resume"]';
/** A namespace disconnect: a client with `resume` that only closes its connection is expected back. */
const LEAVE = '41';

/** The protocol of SPEC.md as today's clients speak it: call ids of their own, numbered messages, candidates in batches. */
export function signaling2({ presence, isAcknowledged, isBatching = true }: Options): Protocol {
  const packet = (event: string, payload: string, { sent }: Leg) =>
    eventPacket(event, payload, isAcknowledged ? sent : undefined);
  return {
    ...signaling,
    isAcknowledged,
    leave: LEAVE,
    call: (leg, offer) =>
      packet(
        'call_user',
        `{"to":"${leg.peer.address}","callId":"${leg.callId}","callType":"video","offer":${offer}}`,
        leg,
      ),
    accept: (leg, answer) => packet('accept_call', `{"callId":"${leg.callId}","answer":${answer}}`, leg),
    candidate: (leg, candidate) =>
      packet(
        'ice_candidate',
        `{"to":"${leg.peer.address}","callId":"${leg.callId}","candidate":${candidate},"seq":${leg.sent}}`,
        leg,
      ),
    ...(isBatching && {
      batch: (leg, candidates) =>
        packet(
          'ice_candidates',
          `{"callId":"${leg.callId}","candidates":[${candidates.join(',')}],"seq":${leg.sent}}`,
          leg,
        ),
    }),
    end: (leg) => packet('end_call', `{"callId":"${leg.callId}"}`, leg),
    read: readAs(({ id, name, since }) =>
      eventPacket(
        'join',
        `{"id":"${id}","username":"${name}","protocol":2,"deviceId":"d-${id}","presence":"${presence}",${FEATURES}${since === undefined ? '' : `,"presenceSince":${since}`}}`,
      ),
    ),
  };
}
