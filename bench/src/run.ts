import { resolve } from 'node:path';
import { type Flags, parseFlags, USAGE } from './flags.js';
import { describeMachine } from './machine.js';
import { measureAll } from './measure.js';
import { FULL_PLAN, QUICK_PLAN } from './plan.js';
import { chooseCores } from './processes/cores.js';
import { report } from './report/report.js';
import { writeReport } from './report/write-report.js';

async function run({ quick, repeats, scenarios, subjects, out }: Flags): Promise<void> {
  const cores = chooseCores();
  const startedAt = performance.now();
  const progress = (what: string) => {
    process.stderr.write(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(5)} s  ${what}\n`);
  };
  const plan = quick ? QUICK_PLAN : FULL_PLAN;
  const results = await measureAll({ plan, scenarios, subjects, repeats, cores, progress });
  const sections = report(results, describeMachine(cores), repeats);
  process.stdout.write(`\n${sections.map(({ markdown }) => markdown).join('\n\n')}\n`);
  // npm runs scripts in the workspace's folder; a file is meant from where the person is.
  if (out !== undefined) writeReport(resolve(process.env.INIT_CWD ?? '.', out), sections);
}

function flagsOrUsage(): Flags | undefined {
  try {
    return parseFlags(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const flags = flagsOrUsage();
if (flags === undefined) process.stderr.write(USAGE);
else await run(flags);
