import { parseArgs } from 'node:util';
import { SCENARIO_NAMES, type ScenarioName } from './scenario-name.js';
import { SUBJECT_NAMES, type SubjectName } from './subjects.js';

export interface Flags {
  quick: boolean;
  repeats: number;
  scenarios: ScenarioName[];
  subjects: SubjectName[];
  /** Markdown file to write the tables to. */
  out: string | undefined;
}

export const USAGE = `npm run bench -- [scenarios] [flags]
  scenarios           ${SCENARIO_NAMES.join(', ')}; all by default
  --quick             few users, short, once: does it run?
  --repeats N         rounds over all servers, 3 by default
  --server NAME       ${SUBJECT_NAMES.join(', ')}; may be repeated; all by default
  --out FILE          write the tables as Markdown, each scenario's between its marks where the file has them
  --help
`;

/**
 * Reads the command line.
 *
 * @returns what to do, or `undefined` when help was asked for
 * @throws TypeError naming the flag and the value that is wrong
 */
export function parseFlags(args: string[]): Flags | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      repeats: { type: 'string' },
      server: { type: 'string', multiple: true },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const repeats = Number(values.repeats ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new TypeError(`--repeats ${values.repeats}: must be a whole number, at least 1`);
  }
  return {
    quick: values.quick,
    repeats,
    scenarios: chosen('scenario', positionals, SCENARIO_NAMES),
    subjects: chosen('--server', values.server ?? [], SUBJECT_NAMES),
    out: values.out,
  };
}

function chosen<Name extends string>(flag: string, wanted: string[], known: readonly Name[]): Name[] {
  const wrong = wanted.find((name) => !known.some((one) => one === name));
  if (wrong !== undefined) throw new TypeError(`${flag} ${wrong}: must be one of ${known.join(', ')}`);
  return known.filter((name) => wanted.length === 0 || wanted.includes(name));
}
