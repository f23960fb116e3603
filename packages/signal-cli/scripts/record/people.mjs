import { SignalingClient } from 'signal-core/client';
import { ScriptedPeer } from '../../dist/session/scripted-peer.js';

const NAMES = `ada alan alonzo annie barbara betty bjarne brian claude dennis donald dorothy edsger edgar ellen frances
  fred gerald grace guido hedy hopper ivan james jean john joan karen ken kathleen larry leslie linus lynn margaret mary
  maurice niklaus noam peter radia ralph robin rosa sophie stephen tim tony vint whitfield`.split(/\s+/);
const THINK_MS = 200;

/** Fifty users who answer every call as a browser did once. */
export async function meetPeople(url) {
  const people = NAMES.map(
    (name) => new SignalingClient({ url, user: { id: name, username: name }, presence: 'delta' }),
  );
  for (const person of people) {
    await person.connect();
    person.on('incomingCall', (call) => {
      const peer = new ScriptedPeer({ callType: call.callType });
      peer.proven.catch(() => {});
      // nobody waits for whom has hung up meanwhile
      setTimeout(() => peer.answer(call).catch(() => {}), THINK_MS);
    });
  }
  return {
    names: NAMES,
    /** One of them calls somebody. */
    async call(name, username) {
      const client = people[NAMES.indexOf(name)];
      const { id: to } = [...client.presence.users.values()].find((user) => user.username === username);
      const peer = new ScriptedPeer({ callType: 'audio' });
      peer.proven.catch(() => {});
      return peer.call({ client, to, callType: 'audio' });
    },
    close: () => Promise.all(people.map((person) => person.close())),
  };
}
