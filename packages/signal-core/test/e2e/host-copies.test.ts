import { expect, test } from 'vitest';
import { callTo } from './call-steps.ts';
import { stage } from './stage.ts';

test('[HOST-10] [HOST-11] what the host adds to what it is told reaches no client', async () => {
  const { signaling, join } = await stage('websocket');
  const add = (user: object) => Object.assign(user, { email: 'not@for.clients' });
  signaling.on('userOnline', add);
  signaling.on('callStarted', ({ from, to }) => [from, to].map(add));
  const [alice, bob] = [await join('alice'), await join('bob')];
  for (const user of await signaling.onlineUsers()) add(user);

  alice.send('call_user', callTo(alice, bob));
  const { from } = await bob.next('incoming_call');
  expect(from).toEqual({ id: alice.id, username: 'alice' });

  for (const call of await signaling.activeCalls()) [call.from, call.to].map(add);
  const again = await bob.ask('join', { id: bob.id, username: 'bob' });
  expect(again).toMatchObject({ ok: true, onlineUsers: [{}, {}], calls: [{ peer: { username: 'alice' } }] });
  expect(JSON.stringify(again)).not.toContain('email');
});
