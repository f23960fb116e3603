import { type FileHandle, open, stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';
import { parseUserList, type UserList } from './user-list.js';

/** Bits of a mode by which others than the owner may read or write. */
const OTHERS = 0o066;

export interface ReadUsers {
  list: UserList;
  /** Changes with every change of the file. */
  version: string;
}

/**
 * Reads a users file.
 *
 * @returns `undefined` when there is none
 * @throws UsageError when it cannot be read, others may read or write it, or it is damaged
 * @see SPEC.md, rule SRV-18
 */
export async function readUsers(path: string): Promise<ReadUsers | undefined> {
  const handle = await openIfThere(path);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat({ bigint: true });
    const mode = Number(stats.mode) & 0o777;
    if (hasModes() && (mode & OTHERS) !== 0) {
      throw new UsageError(
        `${path}: others may read or write it (mode ${mode.toString(8)}): chmod 600 ${path}, and have passwords changed that others may have seen`,
      );
    }
    const list = parseUserList(await handle.readFile('utf8'));
    if (list === undefined) {
      throw new UsageError(`${path}: is no users file, or damaged; it is left as it is: restore it from a backup`);
    }
    return { list, version: versionIn(stats) };
  } finally {
    await handle.close();
  }
}

/** What {@link ReadUsers.version} would be now. */
export async function versionOf(path: string): Promise<string> {
  return versionIn(await stat(path, { bigint: true }));
}

type Stats = Record<'ino' | 'size' | 'mtimeNs' | 'ctimeNs', bigint>;

function versionIn({ ino, size, mtimeNs, ctimeNs }: Stats): string {
  return [ino, size, mtimeNs, ctimeNs].join();
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    const code = Object(error).code;
    if (code === 'ENOENT') return undefined;
    throw new UsageError(`${path}: cannot be read (${code})`, { cause: error });
  }
  throw new UsageError(`${path}: is no file`);
}

function hasModes(): boolean {
  return process.platform !== 'win32';
}
