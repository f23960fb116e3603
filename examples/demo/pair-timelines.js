/** What the other side gets when one side sends this; one candidate alone is no batch. */
const ARRIVES_AS = {
  call_user: ['incoming_call'],
  accept_call: ['call_accepted'],
  end_call: ['call_ended'],
  ice_candidates: ['ice_candidates', 'ice_candidate'],
  message_sent: ['message_received'],
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
  const arrivals = new Set();
  const steps = [];
  for (const entry of entries) {
    if (arrivals.has(entry)) continue;
    const arrival = entries.find((other) => !arrivals.has(other) && isArrival(other, entry));
    if (arrival) arrivals.add(arrival);
    steps.push(stepOf(entry, arrival));
  }
  return steps;
}

function isArrival(other, sent) {
  if (other.who === sent.who || !ARRIVES_AS[sent.event]?.includes(other.event)) return false;
  if (sent.event === 'message_sent') return other.summary === sent.summary;
  if (sent.direction !== 'sent' || other.direction !== 'received' || other.callId !== sent.callId) return false;
  return sent.event !== 'ice_candidates' || other.summary === sent.summary;
}

function stepOf({ who, event, summary, at, direction }, arrival) {
  const step = { who, event, label: summary, at };
  if (!arrival) return { ...step, kind: { sent: 'to_server', received: 'from_server', local: 'local' }[direction] };
  const kind = event === 'message_sent' ? 'direct' : 'relay';
  return { ...step, kind, arrival: arrival.event, relayMs: arrival.at - at };
}
