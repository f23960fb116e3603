import type { Stores } from 'signal-core';

/** Stores whose every access waits for its turn, and then happens at once. */
export function scheduledStores(
  { calls, presence, users, restores }: Stores,
  turn: (label: string) => Promise<void>,
): Stores {
  return {
    calls: {
      get: (id) => turn('get').then(() => calls.get(id)),
      line: (userId) => turn('line').then(() => calls.line(userId)),
      commit: (commit) => turn('commit').then(() => calls.commit(commit)),
      claimDue: (now, limit) => turn('claimDue').then(() => calls.claimDue(now, limit)),
      live: () => turn('live').then(() => calls.live()),
      countLive: () => turn('countLive').then(() => calls.countLive()),
    },
    presence: {
      sessionsOf: (userId) => turn('sessionsOf').then(() => presence.sessionsOf(userId)),
      swap: (change, expected) => turn('swap').then(() => presence.swap(change, expected)),
      subscribe: (listener) => presence.subscribe(listener),
    },
    users: {
      remember: (user, at) => turn('remember').then(() => users.remember(user, at)),
      get: (id) => turn('user').then(() => users.get(id)),
      list: () => turn('users').then(() => users.list()),
    },
    restores: {
      file: (claim, now, until) => turn('file').then(() => restores.file(claim, now, until)),
    },
  };
}
