import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../usage-error.js';
import { withLock } from './lock.js';
import { readUsers } from './read-users.js';
import { formatUserList, type UserList } from './user-list.js';

/**
 * Changes a users file as a whole: two who change it at a time come one after the other, a crash leaves the old file,
 * and nobody but its owner may read it. It is made if there is none.
 *
 * @param change - makes the new list from the one there is, or throws
 * @throws UsageError when the file cannot be read, trusted or written
 */
export async function changeUsers(path: string, change: (list: UserList) => UserList): Promise<void> {
  // what a link points to is replaced, not the link
  const target = await realpath(path).catch(() => path);
  try {
    await withLock(`${target}.lock`, async () => {
      const list = (await readUsers(target))?.list ?? new Map();
      await replace(target, formatUserList(change(list)));
    });
  } catch (error) {
    const code = Object(error).code;
    if (error instanceof UsageError || code === undefined) throw error;
    throw new UsageError(`${path}: cannot be written (${code})`, { cause: error });
  }
}

async function replace(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rm(aside, { force: true });
  try {
    await written(await open(aside, 'wx', 0o600), async (file) => {
      await keepOwner(file, path);
      await file.writeFile(text);
    });
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  // the new name is on the disk once the folder is
  if (process.platform !== 'win32') await written(await open(dirname(path), 'r'), async () => {});
}

async function written(file: FileHandle, write: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The administrator may change the file of a service, which must still read it. */
async function keepOwner(file: FileHandle, path: string): Promise<void> {
  const old = await stat(path).catch(() => undefined);
  if (old !== undefined && process.getuid?.() === 0) await file.chown(old.uid, old.gid);
}
