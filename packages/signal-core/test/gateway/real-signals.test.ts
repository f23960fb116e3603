import { expect, it } from 'vitest';
import { recordingOf } from '../../../signal-cli/src/session/recordings/library.ts';
import { relayOnlyCandidate, relayOnlyDescription } from '../../src/gateway/relay-only.ts';
import { candidateSchema, descriptionSchema } from '../../src/protocol/signal.ts';
import { CANDIDATES } from '../corpus/candidates.ts';
import { DESCRIPTIONS } from '../corpus/descriptions.ts';
import { Dice } from '../fuzz/dice.ts';
import { spoil } from '../fuzz/mutate.ts';
import { fuzzSeed } from '../fuzz/scale.ts';

const MUTANTS = 10_000;

const recorded = (['audio', 'video'] as const).map(recordingOf).flatMap(({ offer, answer }) => [
  { by: offer.by, description: { type: 'offer' as const, sdp: offer.sdp }, candidates: offer.candidates },
  { by: answer.by, description: { type: 'answer' as const, sdp: answer.sdp }, candidates: answer.candidates },
]);
const descriptions = [
  ...DESCRIPTIONS.map(({ type, sdp }) => ({ type, sdp })),
  ...recorded.map(({ description }) => description),
];
const candidates = [...CANDIDATES.map(({ candidate }) => candidate), ...recorded.flatMap((side) => side.candidates)];

it('[ERR-8] nothing that browsers write is refused', () => {
  expect([descriptions.length >= 15, candidates.length >= 30]).toEqual([true, true]);
  for (const description of descriptions) expect(descriptionSchema.parse(description)).toEqual(description);
  for (const candidate of candidates) expect(candidateSchema.parse(candidate)).toEqual(candidate);
});

it('[ERR-8] [TURN-4] nor is it after its addresses went', () => {
  for (const description of descriptions) {
    const shown = relayOnlyDescription(description);
    expect(descriptionSchema.parse(shown)).toEqual(shown);
    // a section lost would be a call lost
    expect(shown.sdp.match(/^(m|a=ice-ufrag|a=fingerprint)/gm)).toEqual(
      description.sdp.match(/^(m|a=ice-ufrag|a=fingerprint)/gm),
    );
  }
  for (const candidate of candidates) {
    const shown = relayOnlyCandidate(candidate, () => true);
    if (shown) expect(candidateSchema.parse(shown)).toEqual(shown);
  }
});

it(`[ERR-8] [TURN-4] ${MUTANTS} mutants of them are refused or rebuilt, and none throws`, () => {
  const dice = new Dice(fuzzSeed('descriptions and candidates'));
  const mutant = (text: string) => {
    let spoiled = text;
    for (let times = dice.int(5); times >= 0; times -= 1) spoiled = spoil(spoiled, dice);
    return dice.chance(0.2) ? spoiled.replaceAll('\r\n', dice.pick(['\n', '\r', '\n\n', ' \r\n'])) : spoiled;
  };
  let taken = 0;
  for (let run = 0; run < MUTANTS; run += 1) {
    if (dice.chance(0.5)) {
      const original = dice.pick(descriptions);
      const { success, data } = descriptionSchema.safeParse({ ...original, sdp: mutant(original.sdp) });
      if (!success || data.type === 'rollback') continue;
      taken += 1;
      const { sdp } = relayOnlyDescription(data);
      expect(sdp).toMatch(/^(([a-z]=[^\r\n]*)\r\n)*$/);
      expect(sdp).not.toMatch(/^a=\s*(candidate|end-of-candidates)\b/im);
      expect(sdp).not.toMatch(/192\.168\.(1\.23|0\.87)|10\.61\.34\.95|203\.0\.113\.7|2001:db8:151:dc10/);
      expect(sdp.length).toBeLessThan(3 * data.sdp.length);
    } else {
      const original = dice.pick(candidates);
      const { success, data } = candidateSchema.safeParse({ ...original, candidate: mutant(original.candidate) });
      if (!success) continue;
      taken += 1;
      const shown = relayOnlyCandidate(data, () => true);
      if (!shown || shown.candidate === '') continue;
      expect(shown.candidate).toMatch(
        /^candidate:\S+ \d+ [a-z]+ \d+ [\da-f.:]+ \d+ typ relay raddr (0\.0\.0\.0|::) rport 0( [\w-]+ \S+)*$/i,
      );
    }
  }
  // else it would say nothing
  expect(taken).toBeGreaterThan(MUTANTS / 10);
});
