/** Why a call ended. Each has its SIP response code in `docs/protocol.md`; `glare` is reserved, a refusal today. */
export const END_REASONS = [
  'hangup',
  'cancelled',
  'declined',
  'busy',
  'no_answer',
  'answered_elsewhere',
  'rejected_elsewhere',
  'replaced',
  'glare',
  'peer_disconnected',
  'removed',
  'max_duration',
  'server_shutdown',
] as const;
export type EndReason = (typeof END_REASONS)[number];
