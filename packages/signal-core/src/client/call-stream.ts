/** How far a device has got in the numbered events of one call. */
export interface StreamPoint {
  streamId?: string;
  lastSeq: number;
}

/**
 * Where an event brings the stream to.
 *
 * @returns `undefined` for an event that has been seen: it came again after a loss
 * @see SPEC.md, rules RESUME-1 and CLIENT-5
 */
export function advance(at: StreamPoint, event: { seq?: number; streamId?: string }): StreamPoint | undefined {
  const { seq, streamId } = event;
  if (seq === undefined) return at;
  if (streamId !== undefined && streamId !== at.streamId) return { streamId, lastSeq: seq };
  return seq > at.lastSeq ? { ...at, lastSeq: seq } : undefined;
}
