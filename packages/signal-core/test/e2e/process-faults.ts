import { afterAll, beforeAll, expect } from 'vitest';

/** Fails the file when anything in the process threw past its handlers meanwhile. */
export function expectNoProcessFaults(): void {
  const faults: unknown[] = [];
  const record = (fault: unknown) => faults.push(fault);
  beforeAll(() => {
    process.on('uncaughtException', record);
    process.on('unhandledRejection', record);
  });
  afterAll(async () => {
    // Rejections are reported after the turn in which they went unhandled.
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('uncaughtException', record);
    process.off('unhandledRejection', record);
    expect(faults).toEqual([]);
  });
}
