/**
 * What is timed, each in a histogram of its own:
 * - `login`: POST /api/login answered
 * - `connect`: the Socket.IO connection
 * - `join`: `join` → `join_success`
 * - `presence`: a peer's join → seen by another user
 * - `pdd`: `call_user` → `incoming_call`, the post-dial delay, from the scheduled instant
 * - `setup`: `call_user` → `call_accepted` less what the callee thought, from the scheduled instant
 * - `ice_relay`: a candidate, one way
 * - `teardown`: `end_call` → `call_ended` at the peer
 * - `ping`: round trip of `ping`
 */
export const PHASES = [
  'login',
  'connect',
  'join',
  'presence',
  'pdd',
  'setup',
  'ice_relay',
  'teardown',
  'ping',
] as const;

export type Phase = (typeof PHASES)[number];

/**
 * How a call of the load ended. The first five are the mix; `offline`, `glare` and `busy` are answers of the server,
 * `failed` is anything that should not be: a refusal, a step without an answer in time, a lost connection, a wrong payload.
 */
export const OUTCOMES = [
  'completed',
  'rejected',
  'no_answer',
  'cancelled',
  'merged',
  'busy',
  'offline',
  'failed',
] as const;

export type Outcome = (typeof OUTCOMES)[number];
