// Records sessions on a real terminal (tmux), with a real server and fifty users, and writes them into the docs.
// `--check` records again and compares: what is shown may take another time, and be of another size, but not differ.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, documentOf, framesOf, withExcerpts } from './document.mjs';
import { meetPeople } from './people.mjs';
import { startServer } from './server.mjs';
import { recordDashboard, recordLoad } from './sessions.mjs';
import { Tmux } from './tmux.mjs';

const fileOf = (path) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const DOCUMENT = fileOf('docs/terminal.md');
const README = fileOf('README.md');

/** @param loadSeconds - how much of a load run to wait for */
async function record(loadSeconds) {
  const folder = mkdtempSync(join(tmpdir(), 'signal-record-'));
  const server = await startServer();
  const environment = [
    `SIGNAL_CLI_URL=${server.url}`,
    `SIGNAL_CLI_CONFIG_DIR=${folder}`,
    `PATH=${fileOf('node_modules/.bin')}:${process.env.PATH}`,
  ];
  const terminal = new Tmux({ columns: 80, rows: 24, environment });
  try {
    const people = await meetPeople(server.url);
    const dashboard = await recordDashboard(terminal, people);
    await people.close();
    return [...dashboard, ...(await recordLoad(terminal, loadSeconds))];
  } finally {
    terminal.close();
    server.stop();
    rmSync(folder, { recursive: true });
  }
}

const isCheck = process.argv.includes('--check');
const recorded = await record(isCheck ? 5 : 25);
if (isCheck) {
  const text = readFileSync(DOCUMENT, 'utf8');
  const wrong = differences(framesOf(text), recorded);
  const readme = readFileSync(README, 'utf8');
  if (withExcerpts(readme, framesOf(text)) !== readme) wrong.push('README.md is not what docs/terminal.md has');
  for (const line of wrong) process.stderr.write(`${line}\n`);
  if (wrong.length > 0) process.stderr.write('npm run record writes it anew\n');
  process.exitCode = wrong.length === 0 ? 0 : 1;
} else {
  const text = documentOf(recorded);
  writeFileSync(DOCUMENT, text);
  writeFileSync(README, withExcerpts(readFileSync(README, 'utf8'), framesOf(text)));
}
