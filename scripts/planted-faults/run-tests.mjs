// @ts-check
import { startVitest } from 'vitest/node';

/** Tests of a fault fail by what did not come in time, too; this is more than any of them waits. */
const TEST_TIMEOUT_MS = 10_000;

/**
 * Runs some tests of some files, in one go.
 *
 * @param {string} root
 * @param {{ files: string[], names: string[], plugins?: import('vitest/node').Vite.Plugin[] }} what
 * @returns what became of each test, and what kept a file from being run
 */
export async function runTests(root, { files, names, plugins = [] }) {
  const vitest = await startVitest(
    'test',
    files,
    {
      root,
      watch: false,
      reporters: [{}],
      testNamePattern: names.map(escaped).join('|'),
      testTimeout: TEST_TIMEOUT_MS,
    },
    { plugins },
  );
  const modules = vitest.state.getTestModules();
  await vitest.close();
  return {
    tests: modules.flatMap((module) =>
      Array.from(module.children.allTests(), (test) => ({
        file: module.relativeModuleId,
        name: test.name,
        state: test.result().state,
        errors: test.result().errors ?? [],
      })),
    ),
    broken: modules.flatMap((module) => module.errors().map(({ message }) => message)),
  };
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
