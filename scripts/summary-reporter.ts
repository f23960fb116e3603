import type { Reporter, TestModule } from 'vitest/node';

/**
 * Names the tests that passed only at a second try, with what the first one came to, and prints one plain closing line,
 * `vitest: N passed, N failed, N skipped`, for machines that read logs.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const unsteady: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        counts[state] += 1;
        if (test.diagnostic()?.flaky) unsteady.push(`  ${test.fullName}: ${errors?.[0]?.message.split('\n')[0]}`);
      }
    }
    if (unsteady.length > 0) process.stdout.write(`\nunsteady, passed at the second try:\n${unsteady.join('\n')}\n`);
    process.stdout.write(
      `\nvitest: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped\n`,
    );
  }
}
