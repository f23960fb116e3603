import { expect, test } from 'vitest';
import type { EndedCall } from '../../src/domain/call.ts';
import { agree, judgeKnown, type RestoreClaim, restoredCall } from '../../src/domain/restore-call.ts';

const alice = { id: 'alice', username: 'Alice' };
const bob = { id: 'bob', username: 'Bob' };
const callers: RestoreClaim = {
  callId: 'c',
  device: 'alice/phone',
  user: alice,
  peer: 'bob',
  role: 'caller',
  callType: 'video',
  scope: '',
};
const callees: RestoreClaim = { ...callers, device: 'bob/tab', user: bob, peer: 'alice', role: 'callee' };
const rules = {
  ringTimeoutMs: 60_000,
  graceMs: 15_000,
  ringingGraceMs: 5_000,
  maxCallMs: 1_000_000,
  maxCallsPerUser: 1,
  ringingPerUser: 3,
};
const active = restoredCall(callers, callees, 5_000, rules);

test('[RESUME-7] the claims of both ends agree, whoever came first', () => {
  expect(agree(callers, callees)).toBe(true);
  expect(agree(callees, callers)).toBe(true);
});

test.each<[string, Partial<RestoreClaim>]>([
  ['the same role', { role: 'caller' }],
  ['another call type', { callType: 'audio' }],
  ['another peer', { peer: 'carol' }],
  ['another user', { user: { id: 'carol', username: 'Carol' } }],
  ['another scope', { scope: 'elsewhere' }],
  ['another call', { callId: 'd' }],
])('[RESUME-7] %s does not agree', (_, other) => {
  expect(agree(callers, { ...callees, ...other })).toBe(false);
});

test('[RESUME-7] the restored call is active between the two devices, whoever came first', () => {
  expect(active).toMatchObject({
    id: 'c',
    version: 1,
    status: 'active',
    from: alice,
    to: bob,
    callType: 'video',
    caller: { device: 'alice/phone', link: { state: 'up' } },
    callee: { device: 'bob/tab', link: { state: 'up' } },
    startedAt: 5_000,
    answeredAt: 5_000,
    dueAt: 1_005_000,
  });
  expect(restoredCall(callees, callers, 5_000, rules)).toEqual(active);
});

test('[RESUME-9] a live call is there for its ends, past claiming for their other devices', () => {
  expect(judgeKnown(active, callers)).toBe('active');
  expect(judgeKnown(active, callees)).toBe('active');
  expect(judgeKnown(active, { ...callers, device: 'alice/tablet' })).toBe('invalid_state');
});

test('[RESUME-9] a call that ended is not restored', () => {
  const ended: EndedCall = {
    ...active,
    status: 'ended',
    reason: 'hangup',
    endedAt: 6_000,
    callerDevice: 'alice/phone',
  };
  expect(judgeKnown(ended, callers)).toBe('call_not_found');
});
