/** One entry of `RTCPeerConnection.getStats()`. */
export type Stat = Readonly<Record<string, unknown>>;

/** Totals, at a moment. */
export interface Sample {
  /** Milliseconds, of any clock that does not jump. */
  at: number;
  bytesSent: number;
  bytesReceived: number;
  packetsReceived: number;
  packetsLost: number;
}

/** How a connection does; what is not known is absent. */
export interface Quality {
  roundTripMs?: number;
  /** Of what was to arrive here, since the last sample: 0 to 100. */
  lossPercent?: number;
  /** Kilobits a second. */
  sentKbps?: number;
  receivedKbps?: number;
  /** Such as `host – relay, udp`. */
  pair?: string;
}

/**
 * What has changed between two looks at the statistics of a connection.
 *
 * @see https://www.w3.org/TR/webrtc-stats/
 * @see SPEC.md, rule PAGE-5
 */
export function measure(
  stats: readonly Stat[],
  at: number,
  before: Sample | undefined,
): { sample: Sample; quality: Quality } {
  const pair = selectedPair(stats);
  const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
  const sample: Sample = {
    at,
    bytesSent: number(pair?.bytesSent) ?? 0,
    bytesReceived: number(pair?.bytesReceived) ?? 0,
    packetsReceived: sum(inbound.map(({ packetsReceived }) => packetsReceived)),
    packetsLost: sum(inbound.map(({ packetsLost }) => packetsLost)),
  };
  if (pair === undefined) return { sample, quality: {} };
  const quality: Quality = { pair: pairWords(stats, pair) };
  const seconds = number(pair.currentRoundTripTime);
  if (seconds !== undefined) quality.roundTripMs = seconds * 1000;
  const ms = at - (before?.at ?? at);
  if (before !== undefined && ms > 0) {
    // another pair counts from 0 again
    quality.sentKbps = (Math.max(0, sample.bytesSent - before.bytesSent) * 8) / ms;
    quality.receivedKbps = (Math.max(0, sample.bytesReceived - before.bytesReceived) * 8) / ms;
    const lost = Math.max(0, sample.packetsLost - before.packetsLost);
    const expected = lost + Math.max(0, sample.packetsReceived - before.packetsReceived);
    if (expected > 0) quality.lossPercent = (lost / expected) * 100;
  }
  return { sample, quality };
}

function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const pairs = stats.filter(({ type }) => type === 'candidate-pair');
  const chosen = stats.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  // Firefox has no statistics of the transport
  return (
    pairs.find(({ id }) => id === chosen) ??
    pairs.find(({ nominated, state }) => nominated === true && state === 'succeeded')
  );
}

function pairWords(stats: readonly Stat[], pair: Stat): string {
  const candidate = (id: unknown) => stats.find((stat) => stat.id === id);
  const local = candidate(pair.localCandidateId);
  const remote = candidate(pair.remoteCandidateId);
  const kind = (stat: Stat | undefined) => String(stat?.candidateType ?? 'unknown');
  return `${kind(local)} – ${kind(remote)}, ${String(local?.protocol ?? 'udp')}`;
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + (number(value) ?? 0), 0);
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
