import type { ClientEvent, ClientPayload } from 'signal-core/protocol';
import { ANSWER, candidate, OFFER } from '../e2e/session-descriptions.ts';
import type { Dice } from './dice.ts';

/** Whom and what the events of a fuzzer are about. */
export interface Cast {
  self: { id: string; username: string };
  /** Users that it may name. */
  users: readonly string[];
  /** Calls that it may name, its own and those of others. */
  calls: readonly string[];
}

type Payloads = { [E in ClientEvent]: (cast: Cast, dice: Dice) => ClientPayload<E> };

const callIdIn = ({ calls }: Cast, dice: Dice) => dice.pick(calls);

/** A payload of every event that the server takes: what mutations begin with. */
export const VALID_PAYLOADS: Payloads = {
  join: ({ self, calls }, dice) => ({
    ...self,
    deviceId: `device-${dice.int(3)}`,
    protocol: 2,
    features: ['ice_batch', 'resume', 'early_candidates'],
    presence: dice.pick(['none', 'delta']),
    presenceSince: { epoch: 'then', version: 3 },
    resume: [{ callId: dice.pick(calls), streamId: 'stream', lastSeq: dice.int(9) }],
    token: 'token',
  }),
  leave: () => undefined,
  call_user: ({ self, users }, dice) => ({
    to: dice.pick(users),
    from: { id: self.id },
    callType: dice.pick(['video', 'audio']),
    offer: OFFER,
    callId: `call-${dice.int(1e9)}`,
    metadata: { room: [1, { two: 'three' }] },
  }),
  accept_call: (cast, dice) => ({ callId: callIdIn(cast, dice), answer: ANSWER }),
  reject_call: (cast, dice) => ({ callId: callIdIn(cast, dice), reason: 'busy' }),
  end_call: (cast, dice) => ({ callId: callIdIn(cast, dice) }),
  ice_candidate: (cast, dice) => ({
    to: dice.pick(cast.users),
    callId: callIdIn(cast, dice),
    candidate: candidate(dice.int(99), 'cALr'),
    seq: 1 + dice.int(9),
  }),
  ice_candidates: (cast, dice) => ({
    callId: callIdIn(cast, dice),
    candidates: [candidate(1), candidate(2, 'cALr'), null],
    seq: 1 + dice.int(9),
  }),
  session_description: (cast, dice) => ({
    callId: callIdIn(cast, dice),
    description: dice.pick([OFFER, ANSWER, { type: 'rollback' as const }]),
    seq: 1 + dice.int(9),
  }),
  call_info: (cast, dice) => ({ callId: callIdIn(cast, dice), data: { muted: [true, { deep: 1 }] }, seq: 1 }),
  call_restore: (cast, dice) => ({
    callId: callIdIn(cast, dice),
    peer: dice.pick(cast.users),
    role: dice.pick(['caller', 'callee']),
    callType: 'video',
  }),
  presence_sync: () => ({ since: { epoch: 'then', version: 3 } }),
  presence_subscribe: ({ users }) => ({ ids: users.slice(0, 3) }),
  auth_refresh: () => ({ token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' }),
  ice_servers: () => undefined,
  ping: () => undefined,
};

// Object.keys forgets the names, which are those of the table
export const EVENTS = Object.keys(VALID_PAYLOADS) as ClientEvent[];
