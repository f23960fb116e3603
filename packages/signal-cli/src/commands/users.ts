import type { KnownUser, UserRef } from 'signal-core/protocol';
import { EXIT } from '../exit-codes.js';
import { plural } from '../format/count.js';
import { formatTable } from '../format/table.js';
import { knownIdentity, targetOf } from '../session/identify.js';
import { listUsers } from '../session/rest.js';
import type { Context } from './context.js';
import { online } from './online.js';
import { untilStopped } from './until-stopped.js';

export interface UsersOptions {
  online?: true;
  watch?: true;
}

/** Lists the users of the server, or follows who comes and goes. */
export async function users(context: Context, options: UsersOptions): Promise<number> {
  return options.watch ? watchUsers(context) : listOnce(context, options.online === true);
}

async function listOnce({ settings, output }: Context, onlineOnly: boolean): Promise<number> {
  const identity = await knownIdentity(settings);
  const list = await listUsers(targetOf(settings, identity?.token), onlineOnly);
  list.sort((a, b) => a.username.localeCompare(b.username));
  if (output.json) for (const user of list) output.show(user, '');
  else if (list.length > 0) output.show(list, formatTable(list.map(userRow)));
  output.note(`${plural(list.length, 'user')}, ${list.filter((user) => user.isOnline).length} online`);
  return EXIT.ok;
}

function userRow(user: KnownUser): string[] {
  const state = user.isOnline ? '● online' : '○ offline';
  return [state, user.username, user.id, user.isOnline ? '' : (user.lastSeen ?? '')];
}

async function watchUsers(context: Context): Promise<number> {
  const { output } = context;
  function show({ joined, left }: { joined: Iterable<UserRef>; left: Iterable<UserRef> }): void {
    const at = Date.now();
    for (const user of joined) output.show({ type: 'joined', at, user }, `+ ${user.username}  ${user.id}`, 'green');
    for (const user of left) output.show({ type: 'left', at, user }, `- ${user.username}  ${user.id}`, 'red');
  }
  return online(context, { presence: 'delta' }, (client) => {
    show({ joined: client.presence.users.values(), left: [] });
    client.presence.on('change', show);
    return untilStopped(context, client);
  });
}
