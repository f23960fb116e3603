import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A change takes milliseconds: a lock this old, in milliseconds, is of a process that died. */
const STALE_MS = 10_000;
const RETRY_MS = 20;

/** What `rename` says when the folder in its place is not empty. */
const TAKEN = process.platform === 'win32' ? ['EPERM', 'EEXIST'] : ['ENOTEMPTY', 'EEXIST'];

/**
 * Does something while nobody else does. The lock is a folder with one file, named by an id of its holder, and comes to
 * its place as a whole. Only a file of a known name is ever deleted: never, by mistake, the lock of whoever came next.
 *
 * @param lock - where the folder is
 * @see SPEC.md, rule SRV-18
 */
export async function withLock(lock: string, work: () => Promise<void>): Promise<void> {
  const id = randomUUID();
  const own = `${lock}.${id}`;
  await mkdir(own, { mode: 0o700 });
  try {
    while (!(await take(lock, own, id))) await delay(RETRY_MS);
    await work();
  } finally {
    await rm(own, { recursive: true, force: true });
    await release(lock, id);
  }
}

async function take(lock: string, own: string, id: string): Promise<boolean> {
  // written anew with every try: its time says since when the lock is held
  await writeFile(join(own, id), String(process.pid));
  try {
    await rename(own, lock);
    return true;
  } catch (error) {
    if (!TAKEN.includes(Object(error).code)) throw error;
  }
  for (const holder of await readdir(lock).catch(() => [])) {
    const since = await stat(join(lock, holder)).catch(() => undefined);
    if (since !== undefined && Date.now() - since.mtimeMs > STALE_MS) await release(lock, holder);
  }
  return false;
}

async function release(lock: string, id: string): Promise<void> {
  await rm(join(lock, id), { force: true });
  // another may hold it already: then it is not empty, and stays
  await rmdir(lock).catch(() => {});
}
