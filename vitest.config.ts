import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node', 'module'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    pool: 'forks',
    // most tests wait for something; on two cores there would be one worker
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // the gate runs on machines that others use, too: what needed a second try is named at the end
    retry: process.env.CI === 'true' ? 1 : 0,
    reporters: ['default', './scripts/summary-reporter.ts'],
  },
});
