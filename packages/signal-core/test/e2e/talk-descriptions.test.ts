import { LIMITS } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { answer, ring, talk } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { ANSWER, candidate, candidates, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';
import { BATCHING, MODERN, talked } from './talk-steps.ts';

const PRANSWER = { type: 'pranswer', sdp: ANSWER.sdp };
const ROLLBACK = { type: 'rollback' };
const OK = { ok: true };

describe.each(TRANSPORTS)('within a call over %s', (transport) => {
  test('[TALK-1] descriptions of every type go both ways, as often as the ends like, and to nobody else', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', MODERN), await join('bob', MODERN)];
    const callId = await talk(alice, bob);
    const others = [await join('alice', MODERN), await join('bob', MODERN), await join('carol', MODERN)];
    for (const description of [OFFER, ANSWER, PRANSWER, ROLLBACK, OFFER]) {
      for (const [from, to] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        expect(await from.ask('session_description', { callId, description })).toEqual(OK);
        expect(await to.next('session_description')).toEqual({ callId, from: from.id, description });
      }
    }
    for (const client of [alice, bob, ...others]) await client.quiet('session_description');
  });

  test('[TALK-2] call_info goes both ways, and to nobody else', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const others = [await join('alice'), await join('bob'), await join('carol')];
    const data = { muted: true, tones: ['1', '#'], level: -3.5, label: null };
    expect(await alice.ask('call_info', { callId, data })).toEqual(OK);
    expect(await bob.next('call_info')).toEqual({ callId, from: alice.id, data });
    bob.send('call_info', { callId, data: 'heard' });
    expect(await alice.next('call_info')).toEqual({ callId, from: bob.id, data: 'heard' });
    for (const client of [alice, bob, ...others]) await client.quiet('call_info');
  });
});

/** Something of each kind, again and again: what is sent and what is to come. */
function mixture(to: LegacyClient, callId: string, rounds: number) {
  return Array.from({ length: rounds }, (_, round) => [
    ['session_description', { callId, description: { type: 'offer', sdp: `v=0\r\ns=${round}\r\n` } }],
    ['ice_candidate', { to: to.id, candidate: candidate(round) }],
    ['call_info', { callId, data: round }],
    ['ice_candidates', { callId, candidates: candidates(round, round + 2) }],
    ['ice_candidate', { to: to.id, callId, candidate: null }],
    ['session_description', { callId, description: ROLLBACK }],
  ]).flat() as [event: string, payload: Record<string, unknown>][];
}
const contents = (sent: ReturnType<typeof mixture>) =>
  sent.map(([event, { candidate: one, candidates: many, description, data }]) => [
    event,
    one === undefined ? (many ?? description ?? data) : one,
  ]);

test('[TALK-4] [ERR-9] what a device sends arrives in the order sent, whatever the events', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
  const callId = await talk(alice, bob);
  const sent = mixture(bob, callId, 50);
  for (const [event, payload] of sent) alice.send(event, payload);
  expect(await talked(bob, alice)).toEqual(contents(sent));
});

test('[TALK-4] [ICE-2] so does what follows the answer at once, behind the answer and what was held', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', BATCHING), await join('bob', BATCHING)];
  const callId = await ring(alice, bob);
  const sent = mixture(alice, callId, 5);
  bob.send('ice_candidate', { to: alice.id, candidate: candidate(99) });
  bob.send('accept_call', { callId, answer: ANSWER });
  for (const [event, payload] of sent) bob.send(event, payload);
  expect(await talked(alice, bob)).toEqual([['ice_candidate', candidate(99)], ...contents(sent)]);
  expect(alice.order('call_accepted', 'ice_candidate', 'session_description').slice(0, 3)).toEqual([
    'call_accepted',
    'ice_candidate',
    'session_description',
  ]);
});

test('[TALK-1] [ERR-8] a description is one of the four, of the right form, and nothing more is passed on', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await talk(alice, bob);
  const wrong = [
    undefined,
    null,
    'v=0',
    {},
    { type: 'offer' },
    { type: 'answer', sdp: 7 },
    { type: 'bye', sdp: OFFER.sdp },
    { type: 'offer', sdp: 'o=0\r\n' },
    { type: 'pranswer', sdp: `v=0\r\n${'x'.repeat(LIMITS.sdpLength)}` },
    { type: 'offer', sdp: 'v=0\u0000' },
  ];
  for (const description of wrong) {
    const code = await alice.refusal('session_description', { callId, description });
    expect(code, JSON.stringify(description)?.slice(0, 60)).toBe('invalid_payload');
  }
  const admin = { admin: true };
  alice.send('session_description', { ...admin, callId, from: bob.id, description: { ...OFFER, ...admin } });
  alice.send('session_description', { callId, description: { ...ROLLBACK, sdp: 'v=0', ...admin } });
  for (const description of [OFFER, ROLLBACK]) {
    expect(await bob.next('session_description')).toEqual({ callId, from: alice.id, description });
  }
  await bob.quiet('session_description');
});

test('[TALK-5] what a client repeats after a loss is acknowledged, and arrives once', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', { deviceId: 'laptop', ...BATCHING }), await join('bob', BATCHING)];
  const callId = await talk(alice, bob);
  const numbered = mixture(bob, callId, 4).map(([event, payload], index): [string, Record<string, unknown>] => [
    event,
    // candidates without a call id are of an unknown call until there is one: with a number there always is
    { seq: index + 1, ...payload, callId },
  ]);
  for (const [event, payload] of numbered.slice(0, 15)) expect(await alice.ask(event, payload)).toEqual(OK);
  await alice.drop();
  await alice.comeBack();
  for (const [event, payload] of numbered.slice(5)) expect(await alice.ask(event, payload)).toEqual(OK);
  expect(await talked(bob, alice)).toEqual(contents(numbered));
});

test('[TALK-5] each side counts for itself, in each call, and may leave out numbers or count nothing', async () => {
  const { join } = await stage('websocket', { maxCallsPerUser: 2 });
  const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
  const callId = await talk(alice, bob);
  const info = (seq: number | undefined, data: string) => ({ callId, data, ...(seq !== undefined && { seq }) });
  for (const [seq, data] of [
    [7, 'seven'],
    [6, 'six'],
    [7, 'seven again'],
    [undefined, 'none'],
    [1000, 'a thousand'],
    [8, 'eight'],
  ] as const) {
    expect(await alice.ask('call_info', info(seq, data))).toEqual(OK);
  }
  expect(await bob.ask('call_info', info(1, 'of the other side'))).toEqual(OK);
  expect(await talked(bob, alice)).toEqual(['seven', 'none', 'a thousand'].map((data) => ['call_info', data]));
  expect(await talked(alice, bob)).toEqual([['call_info', 'of the other side']]);
  await bob.ask('end_call', { callId });
  const next = await talk(alice, carol);
  expect(await alice.ask('call_info', { callId: next, data: 'anew', seq: 1 })).toEqual(OK);
  expect(await talked(carol, alice)).toEqual([['call_info', 'anew']]);
});

test('[TALK-5] a number is whole and above zero', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await talk(alice, bob);
  for (const seq of [0, -1, 1.5, '1', null, 2 ** 60]) {
    expect(await alice.refusal('call_info', { callId, data: 1, seq }), String(seq)).toBe('invalid_payload');
  }
  await bob.quiet('call_info');
});

test('[TALK-5] [ICE-2] held candidates are held once, and a refused number may come again', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await ring(alice, bob);
  for (const seq of [1, 2, 1, 2]) {
    expect(await alice.ask('ice_candidates', { callId, candidates: [candidate(seq)], seq })).toEqual(OK);
  }
  expect(await alice.refusal('call_info', { callId, data: 'too early', seq: 3 })).toBe('invalid_state');
  await answer(bob, alice, callId);
  expect(await alice.ask('call_info', { callId, data: 'now', seq: 3 })).toEqual(OK);
  expect(await talked(bob, alice)).toEqual([
    ['ice_candidate', candidate(1)],
    ['ice_candidate', candidate(2)],
    ['call_info', 'now'],
  ]);
});
