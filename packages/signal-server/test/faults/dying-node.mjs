// A server that kills itself once the next commit about a call of a user, or the next change of a session of the user, is in
// Redis, before anything comes of it: after SIGUSR2. Deadlines of other calls are carried out by any node.
import { openStores, say, serve } from './node-program.mjs';

const [, , user, last = 'commit'] = process.argv;
const isOfUser = ({ call: { from, to } }) => from.id === user || to.id === user;

let isArmed = false;
process.on('SIGUSR2', () => {
  isArmed = true;
  say({ msg: 'armed' });
});

const stores = await openStores();

/** Dies of a method that has done what it is for, and answers whether it has. */
function dyingOf(store, method, isMeant) {
  return new Proxy(store, {
    get(target, name) {
      const original = target[name];
      if (typeof original !== 'function') return original;
      if (name !== method) return original.bind(target);
      return async (...args) => {
        const isDone = await original.apply(target, args);
        if (isArmed && isDone && last === method && isMeant(...args)) process.kill(process.pid, 'SIGKILL');
        return isDone;
      };
    },
  });
}

const mortal = {
  ...stores,
  presence: dyingOf(stores.presence, 'swap', ({ device }) => device.startsWith(`${user}/`)),
  in(scope) {
    const { calls, restores } = stores.in(scope);
    return { calls: dyingOf(calls, 'commit', (commit) => commit.calls.some(isOfUser)), restores };
  },
};

serve(mortal);
