/** `12,340`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** Milliseconds to three figures and without a unit, for columns: `0.83`, `12.4`, `1,203`. */
export function formatMs(ms: number): string {
  return ms.toLocaleString('en-US', {
    maximumFractionDigits: digitsAfterPoint(ms),
    minimumFractionDigits: digitsAfterPoint(ms),
  });
}

/** Of 1: `96.3 %`; little is not told as nothing, nor most as all. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1 %';
  return share < 1 && share >= 0.9995 ? '>99.9 %' : `${(share * 100).toFixed(1)} %`;
}

/** How many times as much: `×1.25`; `—` where there is nothing to compare. */
export function formatRatio(ratio: number | null): string {
  return ratio === null ? '—' : Number.isFinite(ratio) ? `×${ratio.toFixed(2)}` : '×∞';
}

function digitsAfterPoint(ms: number): number {
  return ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0;
}
