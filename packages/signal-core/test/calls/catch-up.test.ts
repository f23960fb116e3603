import { expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { laptop, phone, tablet } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { type Stage, stage } from './stage.ts';

/** A stage on which something happens between a call's decision and its commit. */
function interrupted(meanwhile: (here: Stage) => Promise<void>): Stage {
  let isDone = false;
  const here: Stage = stage({
    calls: (store) =>
      overriding(store, {
        async commit(commit) {
          if (!isDone) {
            isDone = true;
            await meanwhile(here);
          }
          return store.commit(commit);
        },
      }),
  });
  return here;
}

async function change({ stores }: Stage, device: DeviceKey, to: (session: Session) => Session | undefined) {
  const sessions = [...(await stores.presence.sessionsOf('alice')), ...(await stores.presence.sessionsOf('bob'))];
  const session = sessions.find((each) => each.device === device);
  if (session === undefined) throw new Error(`${device} is not online`);
  await stores.presence.swap({ device, session: to(session) }, session.socketId);
}

const leave = (here: Stage, device: DeviceKey) => change(here, device, () => undefined);

test('[LOSS-1] a caller who left while the call was decided leaves nothing ringing', async () => {
  const here = interrupted(() => leave(here, laptop));
  await here.online(laptop, phone);
  await placeCall(here.context, here.call());
  expect(here.heard()).toEqual(['c1 placed', 'phone: rings', 'phone: ended, peer_disconnected by alice', 'c1 over']);
});

test('[LOSS-1] a device that left while the call was decided does not ring on', async () => {
  const here = interrupted(() => leave(here, phone));
  await here.online(laptop, phone, tablet);
  await placeCall(here.context, here.call());
  expect(await here.stores.calls.get('c1')).toMatchObject({ status: 'ringing', rung: [{ device: tablet }] });
});

test('[LOSS-2] a caller who was lost while the call was decided has the grace of one that rings', async () => {
  const here = interrupted(() => change(here, laptop, (session) => ({ ...session, lostAt: here.clock.now() })));
  await here.online(laptop, phone);
  await placeCall(here.context, here.call());
  expect(here.heard()).toEqual(['c1 placed', 'phone: rings', 'phone: peer_reconnecting']);
  expect(await here.stores.calls.get('c1')).toMatchObject({ dueAt: here.clock.now() + 5_000 });
});

test('[CALL-19] a device that came while the call was decided is rung as well', async () => {
  const here = interrupted(() => here.online(tablet));
  await here.online(laptop, phone);
  await placeCall(here.context, here.call());
  expect(here.heard()).toEqual(['c1 placed', 'phone: rings', 'tablet: rings']);
});

test('[LOSS-2] a device that was lost before is rung for what is left of its grace', async () => {
  const here = stage();
  await here.online(laptop, phone);
  const lostAt = here.clock.now();
  await change(here, phone, (session) => ({ ...session, lostAt }));
  await here.clock.advance(4_000);
  await placeCall(here.context, here.call());
  expect(await here.stores.calls.get('c1')).toMatchObject({ dueAt: lostAt + 15_000 });
});
