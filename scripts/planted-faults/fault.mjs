// @ts-check
import { readFileSync } from 'node:fs';
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
 * Plants a fault in what Vite hands to the tests; the file itself stays as it is.
 *
 * @param {string} root
 * @param {Fault} fault
 * @throws {Error} when the table no longer fits the sources
 */
export function plant(root, { rule, file, find, replace, red }) {
  if (!red.includes(`[${rule}]`)) throw new Error(`no test of ${rule}: ${red}`);
  const path = join(root, file);
  const source = readFileSync(path, 'utf8');
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`stands ${times} times in ${file}, and must once: ${find}`);
  const faulty = source.replace(find, () => replace);
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
