import { expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import { bob, laptop, phone } from '../domain/cast.ts';
import { type Stage, stage } from './stage.ts';

/** Bob's phone joins under a scope. */
async function comeUnder(scope: string, { online, stores }: Stage) {
  await online(phone);
  const [session] = await stores.presence.sessionsOf(bob.id);
  if (session === undefined) throw new Error('bob is not online');
  await stores.presence.swap({ device: phone, session: { ...session, scope } }, session.socketId);
}

test('[PRES-11] a callee is where its devices joined, whatever the host says by now', async () => {
  const asked: string[] = [];
  const here = stage({
    hooks: {
      scopeOf: () => 'red',
      onUnreachable({ to }) {
        asked.push(to.id);
        return true;
      },
    },
  });
  await here.online(laptop);
  await comeUnder('blue', here);
  expect(await placeCall(here.context, here.call({ scope: 'red' }))).toEqual({ ok: false, code: 'user_offline' });
  expect(asked).toEqual([]);
});

test('[PRES-11] [CALL-12] a callee who comes under another scope while the host is asked is not rung there', async () => {
  const here = stage({
    hooks: {
      scopeOf: () => 'red',
      async onUnreachable() {
        await comeUnder('blue', here);
        return true;
      },
    },
  });
  await here.online(laptop);
  expect(await placeCall(here.context, here.call({ scope: 'red' }))).toEqual({ ok: false, code: 'user_offline' });
});
