import { expect, it } from 'vitest';
import { CandidateFlow, makeCandidate, readTag } from '../../../../src/load/worker/candidates.js';
import { describer } from '../../../../src/load/worker/descriptions.js';

const candidate = (index: number) => makeCandidate({ call: 'r0/7', side: 'callee', index });

it('[LOAD-8] a candidate says which call, side and number it is of', () => {
  const { line, json } = candidate(3);
  expect(readTag(JSON.parse(json))).toEqual({ call: 'r0/7', side: 'callee', index: 3, line });
  expect(readTag({ candidate: line, usernameFragment: 'abcd' })).toBeUndefined();
  expect(readTag({ candidate: '', usernameFragment: 'r0/7+a' })).toBeUndefined();
  expect(readTag({})).toBeUndefined();
});

it('[LOAD-8] the descriptions of a call have the fragment of its candidates', () => {
  const { offer, answer } = describer('chrome')('r0/7');
  expect(answer.sdp).toContain('a=ice-ufrag:r0/7+a\r\n');
  expect(offer.sdp).toContain('a=ice-ufrag:r0/7+o\r\n');
  expect(JSON.parse(offer.json)).toEqual({ type: 'offer', sdp: offer.sdp });
  expect(describer('small')('x').answer.sdp).toContain('a=ice-ufrag:x+a\r\n');
});

it('[LOAD-8] each candidate is received once, in order, unchanged, or counted as what it is', () => {
  const flow = new CandidateFlow();
  for (const index of [0, 1, 2]) flow.send(candidate(index).line, 100, index > 0);
  expect(flow.arrive(0, candidate(0).line, 105)).toEqual({ arrival: 'received' });
  expect(flow.arrive(2, candidate(2).line, 105)).toEqual({ arrival: 'received', ms: 5 });
  expect(flow.arrive(1, candidate(1).line, 106)).toEqual({ arrival: 'reordered', ms: 6 });
  expect(flow.arrive(1, candidate(1).line, 107)).toEqual({ arrival: 'duplicated' });
  expect(flow.missing).toBe(0);
  expect(flow.arrive(1, 'candidate:1', 107)).toEqual({ arrival: 'changed' });
  expect(flow.arrive(3, candidate(3).line, 107)).toEqual({ arrival: 'changed' });
});
