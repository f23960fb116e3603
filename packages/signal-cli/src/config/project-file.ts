import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Values } from '../settings.js';
import { readJsonFile } from './json-file.js';
import { readFileValues } from './read-values.js';

const PROJECT_FILE = 'signal-cli.config.json';

/** What the file of a project says. */
export interface ProjectFile {
  path: string;
  values: Partial<Values>;
}

/**
 * The nearest project file, from that folder upwards: not beyond the repository, nor the home, it is in.
 *
 * @throws Failure `usage` that names the file and the key
 */
export function readProjectFile(folder: string): ProjectFile | undefined {
  const path = find(folder);
  const content = path === undefined ? undefined : readJsonFile(path);
  if (path === undefined || content === undefined) return undefined;
  return { path, values: readFileValues(content, { path, kind: 'project' }) };
}

function find(folder: string): string | undefined {
  const path = join(folder, PROJECT_FILE);
  if (existsSync(path)) return path;
  const above = dirname(folder);
  const isEdge = above === folder || folder === homedir() || existsSync(join(folder, '.git'));
  return isEdge ? undefined : find(above);
}
