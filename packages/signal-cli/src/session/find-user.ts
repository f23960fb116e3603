import { type UserRef, userIdOf } from 'signal-core/protocol';
import { listUsers } from './rest.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Who is meant by a name or an id typed at the terminal. Somebody whom the server does not know yet
 * has, in open mode, the id that follows from the name; calling it then ends `user_offline`.
 */
export async function findUser(target: Parameters<typeof listUsers>[0], nameOrId: string): Promise<UserRef> {
  const users = await listUsers(target);
  const known = users.find((user) => user.username === nameOrId) ?? users.find((user) => user.id === nameOrId);
  if (known) return { id: known.id, username: known.username };
  return { id: UUID.test(nameOrId) ? nameOrId : userIdOf(nameOrId), username: nameOrId };
}
