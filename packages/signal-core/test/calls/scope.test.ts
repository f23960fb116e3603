import { expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import { bob, laptop, phone } from '../domain/cast.ts';
import { stage } from './stage.ts';

test('[PRES-11] a callee is where its devices joined, whatever the host says by now', async () => {
  const asked: string[] = [];
  const { context, online, stores, call } = stage({
    hooks: {
      scopeOf: () => 'red',
      onUnreachable({ to }) {
        asked.push(to.id);
        return true;
      },
    },
  });
  await online(laptop, phone);
  const [session] = await stores.presence.sessionsOf(bob.id);
  if (session === undefined) throw new Error('bob is not online');
  await stores.presence.swap({ device: phone, session: { ...session, scope: 'blue' } }, session.socketId);
  expect(await placeCall(context, call({ scope: 'red' }))).toEqual({ ok: false, code: 'user_offline' });
  expect(asked).toEqual([]);
});
