import { expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import { restoreCall } from '../../src/calls/restore-call.ts';
import type { RestoreClaim } from '../../src/domain/restore-call.ts';
import { alice, bob, laptop, phone } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

const ofAlice: RestoreClaim = {
  callId: 'c1',
  device: laptop,
  user: alice,
  peer: bob.id,
  role: 'caller',
  callType: 'video',
  scope: '',
};
const ofBob: RestoreClaim = { ...ofAlice, device: phone, user: bob, peer: alice.id, role: 'callee' };

const ACTIVE = { ok: true, status: 'active' };

test('[RESUME-7] a server that goes down restores nothing', async () => {
  const { context, online } = stage();
  await online(laptop, phone);
  expect(await restoreCall({ ...context, isDraining: () => true }, ofAlice)).toEqual({
    ok: false,
    code: 'server_draining',
  });
});

test('[STORE-3] [RESUME-7] of two ends that restore the call at once both are in it, and it is told once', async () => {
  let isFirst = true;
  const { context, online, heard } = stage({
    calls: (store) =>
      overriding(store, {
        async commit(commit) {
          if (!isFirst) return store.commit(commit);
          isFirst = false;
          // the other end gets in between
          expect(await restoreCall(context, ofAlice)).toEqual(ACTIVE);
          return store.commit(commit);
        },
      }),
  });
  await online(laptop, phone);
  await restoreCall(context, ofAlice);
  expect(await restoreCall(context, ofBob)).toEqual(ACTIVE);
  expect(heard()).toEqual(['c1 restored for phone']);
});

test('[RESUME-7] [LOSS-1] a party that left after its claim ends the restored call', async () => {
  const { context, online, stores, heard } = stage();
  await online(laptop, phone);
  await restoreCall(context, ofAlice);
  await stores.presence.swap({ device: laptop, session: undefined }, `socket of ${laptop}`);
  await restoreCall(context, ofBob);
  expect(heard()).toEqual(['c1 restored for laptop', 'phone: ended, peer_disconnected by alice after 0 ms', 'c1 over']);
});

test('[RESUME-9] a call that still rings is nothing to restore', async () => {
  const { context, online, call } = stage();
  await online(laptop, phone);
  await placeCall(context, call());
  for (const claim of [ofAlice, ofBob]) {
    expect(await restoreCall(context, claim)).toEqual({ ok: false, code: 'invalid_state' });
  }
});

test('[RESUME-9] a live call is active for its ends, also when it would not be allowed any more', async () => {
  let isAllowed = true;
  const { context, online } = stage({ hooks: { authorizeCall: () => isAllowed } });
  await online(laptop, phone);
  await restoreCall(context, ofAlice);
  await restoreCall(context, ofBob);
  isAllowed = false;
  expect(await restoreCall(context, ofBob)).toEqual(ACTIVE);
});

test('[RESUME-9] [CALL-22] a hook that fails restores nothing, and says that it may be tried again', async () => {
  const authorizeCall = () => Promise.reject(new Error('the database is away'));
  const { context, online } = stage({ hooks: { authorizeCall } });
  await online(laptop, phone);
  await restoreCall(context, ofAlice);
  expect(await restoreCall(context, ofBob)).toEqual({ ok: false, code: 'unavailable' });
});

test('[RESUME-8] a claim that is taken back while the host is asked restores nothing', async () => {
  const here = stage({
    hooks: {
      async authorizeCall() {
        await here.stores.restores.withdraw('c1', alice);
        return true;
      },
    },
  });
  await here.online(laptop, phone);
  await restoreCall(here.context, ofAlice);
  expect(await restoreCall(here.context, ofBob)).toEqual({ ok: true, status: 'waiting' });
  expect(here.heard()).toEqual([]);
});

test('[RESUME-9] who may have more than 32 calls may restore more', async () => {
  const { context, online } = stage({ rules: { maxCallsPerUser: 33 } });
  await online(laptop, phone);
  for (let index = 0; index < 33; index += 1) {
    await restoreCall(context, { ...ofAlice, callId: `call-${index}` });
    expect(await restoreCall(context, { ...ofBob, callId: `call-${index}` })).toEqual(ACTIVE);
  }
});
