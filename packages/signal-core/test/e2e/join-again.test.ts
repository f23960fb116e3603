import { expect, test } from 'vitest';
import { stage } from './stage.ts';

test('[PRES-8] [JOIN-3] a second join that says what it knows of presence gets what changed since', async () => {
  const { join, login } = await stage('websocket');
  const user = await login('alice');
  const alice = await join('alice', { presence: 'delta' });
  const { presenceEpoch: epoch, presenceVersion: version } = await alice.join({ ...user, presence: 'delta' });
  const bob = await join('bob');
  await alice.next('presence_changed', ({ joined }) => joined.some(({ id }) => id === bob.id));
  const again = await alice.join({ ...user, presence: 'delta', presenceSince: { epoch, version } });
  expect(again.onlineUsers).toEqual([]);
  expect(again.presenceChange?.joined).toContainEqual({ id: bob.id, username: 'bob' });
});
