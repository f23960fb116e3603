import { userIdOf, usernameSchema } from 'signal-core/protocol';
import { UsageError } from '../usage-error.js';
import { changeUsers } from './change-users.js';
import { hashPassword } from './password-hash.js';
import { type PasswordSource, readNewPassword } from './read-password.js';
import { readUsers } from './read-users.js';
import type { UserEntry, UserList } from './user-list.js';

/** What is done to the users file. */
export type UserCommand =
  | { action: 'add' | 'passwd'; name: string; password: PasswordSource }
  | { action: 'rm'; name: string }
  | { action: 'list'; json: boolean };

/**
 * Does one `signal-server user …`.
 *
 * @param path - the users file
 * @returns what to print
 * @throws UsageError in one line; nothing was changed then
 * @see SPEC.md, rule SRV-18
 */
export async function runUserCommand(path: string, command: UserCommand): Promise<string> {
  switch (command.action) {
    case 'add':
      return add(path, command.name, command.password);
    case 'passwd':
      return changePassword(path, command.name, command.password);
    case 'rm':
      return remove(path, command.name);
    case 'list':
      return list(path, command.json);
  }
}

async function add(path: string, name: string, source: PasswordSource): Promise<string> {
  const { success, error } = usernameSchema.safeParse(name);
  if (!success) throw new UsageError(`NAME: ${JSON.stringify(name)} ${error.issues[0]?.message}`);
  refuseTaken((await readUsers(path))?.list ?? new Map(), name);
  const hash = await hashPassword(await readNewPassword(source));
  const entry: UserEntry = { id: userIdOf(name), username: name, hash, createdAt: new Date().toISOString() };
  await changeUsers(path, (users) => {
    refuseTaken(users, name);
    return new Map(users).set(name, entry);
  });
  return `added ${name} (${entry.id}) to ${path}\n`;
}

function refuseTaken(users: UserList, name: string): void {
  if (!users.has(name)) return;
  throw new UsageError(`${JSON.stringify(name)} is a user already: change the password with: user passwd NAME`);
}

async function changePassword(path: string, name: string, source: PasswordSource): Promise<string> {
  known((await readUsers(path))?.list ?? new Map(), name);
  const hash = await hashPassword(await readNewPassword(source));
  await changeUsers(path, (users) =>
    new Map(users).set(name, { ...known(users, name), hash, changedAt: new Date().toISOString() }),
  );
  return `${name} has a new password in ${path}; tokens that were given out before are good no more\n`;
}

async function remove(path: string, name: string): Promise<string> {
  // a users file is made by `add` only
  known((await readUsers(path))?.list ?? new Map(), name);
  await changeUsers(path, (users) => {
    const { username } = known(users, name);
    return new Map([...users].filter(([other]) => other !== username));
  });
  return `removed ${name} from ${path}; tokens that were given out are good no more\n`;
}

function known(users: UserList, name: string): UserEntry {
  const user = users.get(name);
  if (user === undefined) throw new UsageError(`there is no user ${JSON.stringify(name)}; see: user list`);
  return user;
}

async function list(path: string, json: boolean): Promise<string> {
  const read = await readUsers(path);
  if (read === undefined) throw new UsageError(`${path}: there is no users file; the first "user add NAME" makes it`);
  const users = [...read.list.values()].map(({ id, username, createdAt }) => ({ id, username, createdAt }));
  if (json) return `${JSON.stringify(users, null, 2)}\n`;
  return users.map(({ id, username, createdAt }) => `${id}  ${createdAt}  ${username}\n`).join('');
}
