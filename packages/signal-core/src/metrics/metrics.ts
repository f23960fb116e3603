import type { ErrorCode } from '../protocol/errors.js';

/** Where the server tells what is measured. */
export interface Metrics {
  /** An event or request was refused. */
  refused(code: ErrorCode): void;
  /** @param route - its pattern, never the URL */
  requestAnswered(route: string, status: number, seconds: number): void;
  /** Reads all of it; absent when nothing is measured. */
  scrape?(): Promise<{ contentType: string; text: string }>;
  /** Takes everything out of the registry again. */
  close(): void;
}

/** Without the option nothing is measured. */
export const noMetrics: Metrics = {
  refused: () => {},
  requestAnswered: () => {},
  close: () => {},
};
