import { stat } from 'node:fs/promises';
import { Failure } from '../failure.js';
import { credentialsPath, loadLogin } from '../session/credentials.js';
import { loadWrtc } from '../session/load-wrtc.js';
import type { Settings } from '../settings.js';
import { type Finding, reasonOf, reportOn } from './finding.js';

const OLDEST_NODE = [20, 19] as const;

/** What there is to look at. */
export interface Machine {
  nodeVersion: string;
  stdout: { isTTY?: boolean; columns?: number; rows?: number };
  env: NodeJS.ProcessEnv;
}

/** Checks what is on this machine. */
export async function* localChecks(machine: Machine, settings: Settings, problem?: Failure): AsyncGenerator<Finding> {
  yield checkNode(machine);
  yield checkTerminal(machine);
  yield checkColor(machine, settings);
  yield checkSettings(settings, problem);
  yield await checkLogins(settings);
  yield await checkWebRtc();
}

export function checkNode({ nodeVersion }: Pick<Machine, 'nodeVersion'>): Finding {
  const { ok, fail } = reportOn('node', 'internal');
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isRecent = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return isRecent ? ok(nodeVersion) : fail(nodeVersion, `install Node ${OLDEST_NODE.join('.')} or newer`);
}

export function checkTerminal({ stdout, env }: Omit<Machine, 'nodeVersion'>): Finding {
  const { ok, note } = reportOn('terminal', 'internal');
  const { isTTY, columns = 80, rows = 24 } = stdout;
  if (!isTTY) return ok('none here: plain text');
  const size = `${env.TERM ?? 'no TERM'}, ${columns}x${rows}`;
  return columns >= 80 && rows >= 24 ? ok(size) : note(size, 'make it 80x24 or larger, for the live screens');
}

export function checkColor(
  { stdout, env }: Omit<Machine, 'nodeVersion'>,
  { color, plain }: Partial<Settings>,
): Finding {
  const reasons = {
    'no terminal': !stdout.isTTY,
    '--no-color': color === false,
    '--plain': plain === true,
    NO_COLOR: Boolean(env.NO_COLOR),
    'TERM=dumb': env.TERM === 'dumb',
  };
  const why = Object.entries(reasons).find(([, isSo]) => isSo);
  return reportOn('colour', 'internal').ok(why ? `off: ${why[0]}` : 'on');
}

function checkSettings({ sources }: Settings, problem?: Failure): Finding {
  const { ok, fail } = reportOn('settings', 'internal');
  if (problem) return fail(problem.message, 'correct it there; the checks below go by the flags alone');
  return ok(
    Object.entries(sources)
      .map(([name, source]) => `${name} by ${source.name}`)
      .join(', '),
  );
}

/** Tokens are for this person only. */
async function checkLogins({ url }: Settings): Promise<Finding> {
  const { ok, fail } = reportOn('logins', 'internal');
  const path = credentialsPath();
  try {
    const { mode } = await stat(path);
    const rights = (mode & 0o777).toString(8);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return fail(`${path} has mode ${rights}: others can read it`, `chmod 600 ${path}`);
    }
    await loadLogin(url);
    return ok(`${path}, mode ${rights}`);
  } catch (error) {
    if (Object(error).code === 'ENOENT') return ok('none kept');
    return error instanceof Failure
      ? fail(error.message, 'delete the file, and log in again')
      : fail(`${path}: ${reasonOf(error)}`, 'make it readable for you');
  }
}

async function checkWebRtc(): Promise<Finding> {
  const { ok, note } = reportOn('webrtc', 'internal');
  try {
    await loadWrtc();
    return ok('@roamhq/wrtc loads');
  } catch {
    return note('@roamhq/wrtc is not there, or does not load', 'for --rtc only: npm install @roamhq/wrtc');
  }
}
