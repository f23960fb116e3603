const POINT = /poch":"([^"]+)","(?:presenceV|v)ersion":(\d+)/;

/**
 * Where a `join_success` or `presence_changed` brings a client to, as JSON text of `presenceSince`.
 * The list that a `join_success` may hold is passed over unread.
 */
export function presencePoint(message: Buffer): string | undefined {
  const start = Math.max(0, message.indexOf('"presenceEpoch"'));
  const [, epoch, version] = POINT.exec(message.toString('latin1', start, start + 200)) ?? [];
  return epoch === undefined ? undefined : `{"epoch":"${epoch}","version":${version}}`;
}
