/** What the other side gets when one side sends this. */
const ARRIVES_AS = {
  call_user: 'incoming_call',
  accept_call: 'call_accepted',
  end_call: 'call_ended',
  ice_candidate: 'ice_candidate',
  message_sent: 'message_received',
};
const LEFT_OUT = new Set(['ack', 'users_updated', 'leave']);

/**
 * @typedef {object} Step
 * @property {string} who
 * @property {string} event
 * @property {string} label
 * @property {number} at
 * @property {'relay' | 'direct' | 'to_server' | 'from_server' | 'local'} kind - `relay`: through the server; `direct`:
 * between the peers
 * @property {string} [arrival]
 * @property {number} [relayMs]
 * @property {boolean} [held]
 */

/**
 * Merges the timelines of two users into steps, in the order of sending: what was sent, and what it arrived as.
 *
 * @param {Record<string, object[]>} timelines - the entries of `signal-cli --json` by username
 * @returns {Step[]}
 */
export function pairTimelines(timelines) {
  const entries = Object.entries(timelines)
    .flatMap(([who, list]) => list.map((entry) => ({ ...entry, who })))
    .filter(({ event }) => !LEFT_OUT.has(event))
    .sort((a, b) => a.at - b.at);
  const acceptedAt = entries.find(({ event }) => event === 'accept_call')?.at ?? 0;
  const arrivals = new Set();
  const steps = [];
  for (const entry of entries) {
    if (arrivals.has(entry)) continue;
    const arrival = entries.find((other) => !arrivals.has(other) && isArrival(other, entry));
    if (arrival) arrivals.add(arrival);
    steps.push(stepOf(entry, arrival, acceptedAt));
  }
  return steps;
}

function isArrival(other, sent) {
  if (other.who === sent.who || ARRIVES_AS[sent.event] !== other.event) return false;
  if (sent.event === 'message_sent') return other.summary === sent.summary;
  if (sent.direction !== 'sent' || other.direction !== 'received' || other.callId !== sent.callId) return false;
  return sent.event !== 'ice_candidate' || other.summary === sent.summary;
}

function stepOf({ who, event, summary, at, direction }, arrival, acceptedAt) {
  const step = { who, event, label: summary, at };
  if (!arrival) return { ...step, kind: { sent: 'to_server', received: 'from_server', local: 'local' }[direction] };
  const held = event === 'ice_candidate' && at < acceptedAt && arrival.at > acceptedAt;
  const kind = event === 'message_sent' ? 'direct' : 'relay';
  return { ...step, kind, arrival: arrival.event, relayMs: arrival.at - at, held };
}
