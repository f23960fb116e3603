import { plural } from '../format/count.js';
import { fieldsOf } from './fields.js';

/**
 * What one event says, in a few words: never an SDP body, a token or a whole candidate line.
 * Any server may be at the other end, so nothing about the payload is taken for granted.
 */
export function summarize(event: string, payload: unknown): string {
  const body = fieldsOf(payload);
  switch (event) {
    case 'join':
      return `as ${text(body.username)}`;
    case 'join_success':
      return `${listLength(body.onlineUsers)} online`;
    case 'users_updated':
      return `${listLength(payload)} online`;
    case 'presence_changed':
      return `${listLength(body.joined)} joined, ${listLength(body.left)} left`;
    case 'call_user':
      return `${text(body.callType)}, ${description(body.offer)}`;
    case 'incoming_call':
      return `from ${text(fieldsOf(body.from).username)}, ${text(body.callType)}, ${description(body.offer)}`;
    case 'accept_call':
    case 'call_accepted':
      return description(body.answer);
    case 'call_status':
      return text(body.status);
    case 'reject_call':
    case 'call_rejected':
    case 'call_ended':
      return text(body.reason);
    case 'ice_candidate':
      return candidateSummary(body.candidate);
    case 'ice_candidates':
      return batchSummary(body.candidates);
    case 'session_description':
      return description(body.description);
    case 'call_restore':
      return `as ${text(body.role)}`;
    case 'signal_error':
      return `${text(body.event)} refused: ${text(body.code)}, ${text(body.message)}`;
    case 'session_replaced':
      return text(body.message);
    case 'server_draining':
      return `reconnect after ${text(body.reconnectAfterMs)} ms`;
    default:
      return '';
  }
}

/** What an acknowledgement says: `call_user: ringing`, `end_call: refused, call_not_found, …`. */
export function summarizeAck(event: string, ack: unknown): string {
  const { ok, error, status, onlineUsers } = fieldsOf(ack);
  const { code, message } = fieldsOf(error);
  if (ok !== true) return `${event}: refused, ${text(code)}, ${text(message)}`;
  if (listLength(onlineUsers) > 0) return `${event}: ${listLength(onlineUsers)} online`;
  return `${event}: ${text(status) || 'ok'}`;
}

/** `host udp 192.0.2.2:56618`; `end of candidates` for the two ways of saying it (RFC 8838, section 13). */
function candidateSummary(candidate: unknown): string {
  if (candidate === null || candidate === undefined) return 'end of candidates';
  const line = fieldsOf(candidate).candidate;
  if (line === '') return 'end of candidates of this generation';
  const [, , transport, , address, port, , type] = text(line).split(' ');
  if (type === undefined) return 'unreadable candidate';
  const host = address?.includes(':') ? `[${address}]` : address;
  return `${type} ${transport?.toLowerCase()} ${host}:${port}`;
}

/** `host udp 192.0.2.2:56618`, alone; `4 candidates, end of candidates`. */
function batchSummary(batch: unknown): string {
  const candidates: unknown[] = Array.isArray(batch) ? batch : [];
  const named = candidates.filter((candidate) => candidate !== null);
  const parts =
    named.length === 1 ? named.map(candidateSummary) : named.length > 0 ? [plural(named.length, 'candidate')] : [];
  return [...parts, ...(named.length < candidates.length ? [candidateSummary(null)] : [])].join(', ');
}

function description(value: unknown): string {
  const { type, sdp } = fieldsOf(value);
  if (type === 'rollback') return type;
  return typeof sdp === 'string' ? `${text(type)} ${Buffer.byteLength(sdp)} bytes` : 'no description';
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
