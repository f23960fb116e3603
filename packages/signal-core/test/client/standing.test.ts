import { expect, it } from 'vitest';
import { standingOf } from '../../src/client/standing.ts';

type Call = Parameters<typeof standingOf>[0];
type Joined = Parameters<typeof standingOf>[1];

const call = (changes: Partial<Call> = {}): Call => ({ id: 'c', role: 'caller', state: 'active', ...changes });
const listed = (here: boolean): NonNullable<Joined['calls']> => [
  { callId: 'c', role: 'caller', status: 'active', peer: { id: 'b', username: 'bob' }, callType: 'video', here },
];

it.each<[string, Call, Joined, string]>([
  ['was recovered', call(), { calls: listed(true), resumed: [{ callId: 'c', recovered: true }] }, 'whole'],
  ['ended meanwhile, and its end follows', call(), { calls: [], resumed: [{ callId: 'c', recovered: true }] }, 'whole'],
  [
    'lives, but was not recovered',
    call(),
    { calls: listed(true), resumed: [{ callId: 'c', recovered: false }] },
    'gap',
  ],
  ['lives on another device', call({ role: 'callee', state: 'ringing' }), { calls: listed(false) }, 'gone'],
  ['is not known', call(), { calls: [], resumed: [{ callId: 'c', recovered: false }] }, 'unknown'],
  ['is not known, and rang there', call({ state: 'ringing' }), { calls: [] }, 'unknown'],
  ['is not known, and rang here', call({ role: 'callee', state: 'ringing' }), { calls: [] }, 'gone'],
  ['is nothing that a legacy server speaks of', call(), {}, 'whole'],
])('[CLIENT-7] a call that %s', (_what, before, joined, standing) => {
  expect(standingOf(before, joined)).toBe(standing);
});
