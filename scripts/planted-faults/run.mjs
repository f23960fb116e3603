// @ts-check
// `npm run faults`: plants each fault of the table, one at a time, and sees the test of its rule turn red.
import { join } from 'node:path';
import { plant, staleness } from './fault.mjs';
import { FAULTS } from './faults.mjs';
import { runTests } from './run-tests.mjs';

/** @typedef {import('./fault.mjs').Fault} Fault */
/** @typedef {Awaited<ReturnType<typeof runTests>>} Outcome */

const ROOT = join(import.meta.dirname, '../..');
const AT_A_TIME = 2;

/** A faulty program that does not compile or load proves nothing about its tests. */
const NOT_AN_ASSERTION = ['SyntaxError', 'ReferenceError'];

/**
 * @param {Outcome} outcome
 * @param {string} file
 * @param {string} name - of a test that may run more than once, over each transport
 */
function results({ tests }, file, name) {
  return tests.filter((test) => test.file === file && test.name === name);
}

/**
 * @param {Outcome} outcome
 * @param {Fault} fault
 * @returns why the table cannot be believed, if it cannot
 */
function judgeBaseline(outcome, { tests, red, green }) {
  for (const name of [red, green]) {
    const found = results(outcome, tests, name);
    if (found.length === 0) return `no such test in ${tests}: ${name}`;
    if (found.some(({ state }) => state !== 'passed')) return `fails without any fault: ${name}`;
  }
  return undefined;
}

/**
 * @param {Fault} fault
 * @returns {Promise<string | undefined>} why it was not caught
 */
async function judge(fault) {
  const { tests: file, red, green } = fault;
  const planted = plant(ROOT, fault);
  const outcome = await runTests(ROOT, { files: [file], names: [red, green], plugins: [planted.plugin] });
  if (!planted.isLoaded()) return `the tests do not load ${fault.file}`;
  if (outcome.broken.length > 0) return `does not even load: ${outcome.broken[0]}`;
  const failed = results(outcome, file, red).filter(({ state }) => state === 'failed');
  if (failed.length === 0) return `survived: ${red}`;
  const odd = failed.flatMap(({ errors }) => errors).find(({ name }) => NOT_AN_ASSERTION.includes(name ?? ''));
  if (odd !== undefined) return `failed by no assertion: ${odd.message}`;
  const isSpecific = results(outcome, file, green).every(({ state }) => state === 'passed');
  return isSpecific ? undefined : `turned red as well: ${green}`;
}

/** @param {Fault} fault @param {string | undefined} problem */
function report({ rule, name, red }, problem) {
  if (problem === undefined) console.log(`caught  [${rule}] ${name}\n        by "${red}"`);
  else console.log(`MISSED  [${rule}] ${name}\n        ${problem}`);
}

const stale = FAULTS.filter((fault) => staleness(ROOT, fault) !== undefined);
for (const fault of stale) report(fault, staleness(ROOT, fault));
if (stale.length > 0) process.exit(1);

const waiting = FAULTS.values();
const baseline = await runTests(ROOT, {
  files: [...new Set(FAULTS.map(({ tests }) => tests))],
  names: FAULTS.flatMap(({ red, green }) => [red, green]),
});
let caught = 0;
await Promise.all(
  Array.from({ length: AT_A_TIME }, async () => {
    for (const fault of waiting) {
      const problem = judgeBaseline(baseline, fault) ?? (await judge(fault));
      if (problem === undefined) caught += 1;
      report(fault, problem);
    }
  }),
);
console.log(`${caught} of ${FAULTS.length}`);
process.exitCode = caught === FAULTS.length ? 0 : 1;
