import fc from 'fast-check';
import type { CallEnd } from 'signal-core/client';
import type { IceCandidate } from 'signal-core/protocol';
import { clientEventSchemas, END_REASONS, ERROR_CODES } from 'signal-core/protocol';
import { expect, it } from 'vitest';
import { type Ending, exitCodeOf, type Outcome, type Proof, verdictOf } from '../../src/session/outcome.js';
import { playCall } from '../../src/session/play-call.js';
import { candidateAt } from '../../src/session/recordings/candidates.js';
import { recordingOf } from '../../src/session/recordings/library.js';
import { ScriptedPeer } from '../../src/session/scripted-peer.js';
import { summarize, summarizeAck } from '../../src/session/summarize.js';

const recordings = [recordingOf('video'), recordingOf('audio')];

it.each(recordings)(
  '[CLI-8] the recording of a $callType call fits the protocol: descriptions, candidates, fragments',
  (recording) => {
    for (const [event, type] of [
      ['call_user', 'offer'],
      ['accept_call', 'answer'],
    ] as const) {
      const { sdp, candidates } = recording[type];
      const payload = { to: 'u', callId: 'c', callType: recording.callType, [type]: { type, sdp } };
      expect(clientEventSchemas[event].safeParse(payload).success).toBe(true);
      expect(sdp).toMatch(/^v=0\r\n/);
      expect(sdp).toMatch(/[^\r\n]\r\n$/);
      expect(sdp).not.toMatch(/[^\r]\n/);
      for (let index = 0; index < 200; index += 1) {
        const candidate = candidateAt({ sdp, candidates }, index, 200);
        expect(clientEventSchemas.ice_candidate.safeParse({ to: 'u', candidate }).success).toBe(true);
        expect(sdp).toContain(`a=ice-ufrag:${candidate.usernameFragment}\r\n`);
      }
    }
  },
);

/** What a callee makes of these messages of a caller. */
function heardBy(sdp: string, candidates: readonly (IceCandidate | null)[]) {
  const callee = new ScriptedPeer({ callType: 'video' });
  for (const candidate of candidates.slice(0, 3)) callee.addCandidate(candidate);
  callee.answerTo({ type: 'offer', sdp });
  for (const candidate of candidates.slice(3)) callee.addCandidate(candidate);
  return callee.report().verified;
}

function saidBy(callType: 'video' | 'audio', count: number) {
  const caller = new ScriptedPeer({ callType, candidates: count });
  const { sdp } = caller.offer();
  return { sdp, candidates: caller.candidates() };
}

it('[CLI-8] what a scripted caller says is verified, whatever the number of candidates', () => {
  for (const callType of ['video', 'audio'] as const) {
    for (const count of [1, 2, 5, 16, 17, 18, 200]) {
      const { sdp, candidates } = saidBy(callType, count);
      expect(candidates).toHaveLength(count + 1);
      expect(heardBy(sdp, candidates)).toBe(true);
    }
  }
});

it('[CLI-8] any changed byte of the description but in its origin is found', () => {
  const { sdp, candidates } = saidBy('video', 5);
  const origin = { from: sdp.indexOf('o='), to: sdp.indexOf('\r\ns=-') };
  fc.assert(
    fc.property(fc.nat(sdp.length - 1), fc.constantFrom('x', 'y'), (at, byte) => {
      fc.pre(sdp[at] !== byte && (at < origin.from || at >= origin.to));
      expect(heardBy(sdp.slice(0, at) + byte + sdp.slice(at + 1), candidates)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

it('[CLI-8] any lost, repeated, swapped or changed candidate is found', () => {
  const { sdp, candidates } = saidBy('video', 20);
  const last = candidates.length - 1;
  fc.assert(
    fc.property(fc.nat(last - 1), fc.constantFrom('lose', 'repeat', 'swap', 'change'), (at, fault) => {
      const next = candidates[at + 1];
      const candidate = candidates[at];
      if (!candidate || next === undefined) throw new Error('out of range');
      const changed = { ...candidate, sdpMLineIndex: 7 };
      const instead = {
        lose: [next],
        repeat: [candidate, candidate, next],
        swap: [next, candidate],
        change: [changed, next],
      };
      const heard = [...candidates.slice(0, at), ...instead[fault], ...candidates.slice(at + 2)];
      expect(heardBy(sdp, heard)).not.toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('[CLI-8] an offer of somebody else is answered, and not judged', () => {
  expect(heardBy('v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n', [null])).toBeNull();
});

it('[CLI-1] every end of a call has its exit code', () => {
  const outcomes = (ending: Ending, proof: Proof = 'open') => verdictOf(ending, proof).outcome;
  const ended = (reason: CallEnd['reason']): Ending => ({ kind: 'ended', reason });
  const table: [Ending, Outcome, number][] = [
    [{ kind: 'hung_up' }, 'completed', 0],
    [{ kind: 'rejected_here' }, 'rejected', 10],
    [ended('declined'), 'rejected', 10],
    [ended('busy'), 'busy', 10],
    [ended('server_draining'), 'failed', 13],
    [ended('user_offline'), 'offline', 11],
    [ended('glare'), 'failed', 13],
    [{ kind: 'ring_timeout' }, 'no_answer', 12],
    [ended('no_answer'), 'no_answer', 12],
    [ended('peer_disconnected'), 'failed', 13],
    [ended('closed'), 'failed', 13],
    [{ kind: 'failure', message: 'x' }, 'failed', 13],
    [{ kind: 'interrupted' }, 'interrupted', 130],
  ];
  for (const [ending, outcome, exitCode] of table) {
    expect(outcomes(ending)).toBe(outcome);
    expect(exitCodeOf(outcome)).toBe(exitCode);
  }
  expect(outcomes(ended('hangup'), 'right')).toBe('completed');
  expect(outcomes(ended('hangup'), 'open')).toBe('failed');
  for (const reason of [...ERROR_CODES, ...END_REASONS]) {
    if (reason !== 'hangup') expect(outcomes(ended(reason), 'right')).not.toBe('completed');
  }
});

it('[CLI-8] what was wrong with the media is the reason, also when the peer hung up in the same moment', async () => {
  const peer = { id: 'u1', username: 'alice' };
  const heard = new ScriptedPeer({ callType: 'video' });
  heard.answerTo({ type: 'offer', sdp: recordingOf('video').offer.sdp });
  const report = await playCall({ media: heard, peer, signal: new AbortController().signal }, async (stage) => {
    heard.addCandidate(null);
    stage.end({ kind: 'ended', reason: 'hangup' });
  });
  expect(report).toMatchObject({ outcome: 'failed', reason: 'candidates are missing after the first 0' });
});

it('[CLI-9] a summary takes any payload, and never holds an SDP or a token', () => {
  const events = [
    ...Object.keys(clientEventSchemas),
    'join_success',
    'incoming_call',
    'call_accepted',
    'signal_error',
    'presence_changed',
    'x',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.anything(), (event, payload) => {
      expect(typeof summarize(event, payload)).toBe('string');
      expect(typeof summarizeAck(event, payload)).toBe('string');
    }),
    { numRuns: 500 },
  );
  const secret = {
    token: 'SECRET',
    offer: { type: 'offer', sdp: 'SECRET' },
    answer: { type: 'answer', sdp: 'SECRET' },
  };
  for (const event of events) expect(summarize(event, secret)).not.toContain('SECRET');
});

it('[CLI-9] a summary tells what a batch, a renegotiation and a change of presence hold', () => {
  const host = { candidate: 'candidate:1 1 udp 2122265343 192.0.2.2 4242 typ host' };
  const table: [string, object, string][] = [
    ['ice_candidates', { candidates: [host] }, 'host udp 192.0.2.2:4242'],
    ['ice_candidates', { candidates: [host, host] }, '2 candidates'],
    ['ice_candidates', { candidates: [host, host, null] }, '2 candidates, end of candidates'],
    ['ice_candidates', { candidates: [null] }, 'end of candidates'],
    ['session_description', { description: { type: 'offer', sdp: 'v=0' } }, 'offer 3 bytes'],
    ['session_description', { description: { type: 'rollback' } }, 'rollback'],
    ['presence_changed', { joined: [{}, {}], left: [''] }, '2 joined, 1 left'],
    ['call_restore', { role: 'callee' }, 'as callee'],
  ];
  for (const [event, payload, summary] of table) expect(summarize(event, payload)).toBe(summary);
});
