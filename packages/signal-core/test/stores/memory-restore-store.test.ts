import { expect, test } from 'vitest';
import type { RestoreClaim } from '../../src/domain/restore-call.ts';
import { MemoryRestoreStore } from '../../src/stores/memory/memory-restore-store.ts';
import { alice, bob, laptop, phone } from '../domain/cast.ts';

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

test('[RESUME-8] a claim lapses at its own time, also behind one that lasts longer', async () => {
  const restores = new MemoryRestoreStore();
  await restores.file({ ...ofAlice, callId: 'longer' }, 0, 1_000);
  await restores.file(ofAlice, 0, 100);
  expect(await restores.file(ofBob, 200, 300)).toBeUndefined();
});
