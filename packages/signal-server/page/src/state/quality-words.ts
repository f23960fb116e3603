import type { Quality } from './quality.js';

const UNKNOWN = '–';

/** The rows of the display, each a name and a value. */
export function qualityWords({ roundTripMs, lossPercent, sentKbps, receivedKbps, pair }: Quality): [string, string][] {
  return [
    ['Round trip', roundTripMs === undefined ? UNKNOWN : `${Math.round(roundTripMs)} ms`],
    ['Loss', lossPercent === undefined ? UNKNOWN : `${lossPercent.toFixed(1)} %`],
    ['Bitrate', `↑ ${bitrate(sentKbps)}  ↓ ${bitrate(receivedKbps)}`],
    ['Candidate pair', pair ?? UNKNOWN],
  ];
}

/** From 0, nothing known, over 1, poor, to 3, good: what a person notices of delay and loss. */
export function qualityGrade({ roundTripMs, lossPercent = 0 }: Quality): 0 | 1 | 2 | 3 {
  if (roundTripMs === undefined) return 0;
  if (roundTripMs > 400 || lossPercent > 5) return 1;
  return roundTripMs > 200 || lossPercent > 1 ? 2 : 3;
}

function bitrate(kbps: number | undefined): string {
  if (kbps === undefined) return UNKNOWN;
  return kbps < 1000 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(1)} Mbit/s`;
}
