// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A way to break a rule of SPEC.md, and the test that must notice.
 *
 * @typedef {object} Fault
 * @property {string} rule - its id in SPEC.md
 * @property {string} name - what the server (or the client) then does
 * @property {string} file - from the root of the repository
 * @property {string} find - stands in the file exactly once
 * @property {string} replace
 * @property {string} tests - the test file
 * @property {string} red - the test that must fail; its name holds the rule's id
 * @property {string} green - a test of the same file that must not: the fault breaks its rule, not everything
 */

/**
 * @param {string} root
 * @param {Fault} fault
 * @returns {string | undefined} why the fault no longer fits what it breaks
 */
export function staleness(root, { rule, file, find, red }) {
  if (!red.includes(`[${rule}]`)) return `no test of this rule: ${red}`;
  if (!existsSync(join(root, file))) return `no such file: ${file}`;
  const times = readFileSync(join(root, file), 'utf8').split(find).length - 1;
  return times === 1 ? undefined : `stands ${times} times in ${file}, and must once: ${find}`;
}

/**
 * Plants a fault in what Vite hands to the tests; the file itself stays as it is.
 *
 * @param {string} root
 * @param {Fault} fault
 */
export function plant(root, { file, find, replace }) {
  const path = join(root, file);
  const faulty = readFileSync(path, 'utf8').replace(find, () => replace);
  let isLoaded = false;
  /** @type {import('vitest/node').Vite.Plugin} */
  const plugin = {
    name: 'planted-fault',
    enforce: 'pre',
    transform(_code, id) {
      if (id.split('?')[0] !== path) return undefined;
      isLoaded = true;
      return { code: faulty, map: null };
    },
  };
  return { plugin, isLoaded: () => isLoaded };
}
