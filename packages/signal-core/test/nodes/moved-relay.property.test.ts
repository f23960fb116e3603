import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliverTo } from '../../src/calls/deliver.ts';
import { SignalRelay } from '../../src/calls/signal-relay.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { runEffects } from '../../src/effects/run-effects.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { keptSchema } from '../../src/nodes/kept.ts';
import { candidate, Outbox } from '../calls/outbox.ts';
import { ANSWER, active, hungUp, laptop, PLACED_AT, phone, ringing, tablet } from '../domain/cast.ts';
import { scaled } from '../domain/scale.ts';

const DEVICES = [laptop, phone, tablet] as const;
const sentSchema = keptSchema.shape.sent;

type Step =
  | { type: 'send'; device: DeviceKey; seq: number; ufrag: string | undefined }
  | { type: 'batch'; device: DeviceKey; seq: number; size: number }
  | { type: 'info'; device: DeviceKey; seq: number }
  | { type: 'effect'; effects: Effect[] }
  | { type: 'move'; device: DeviceKey };

const placed: Effect = { type: 'placed', call: ringing() };
const rings = [phone, tablet].map((device): Effect => ({ type: 'ring', device, call: ringing() }));
const answered: Effect = { type: 'answered', call: active(), answer: ANSWER };
const closed: Effect = { type: 'closed', call: hungUp() };

const device = fc.constantFrom(...DEVICES);
const seq = fc.integer({ min: 1, max: 12 });
const talk: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send' as const), device, seq, ufrag: ufrag() }) },
  fc.record({ type: fc.constant('batch' as const), device, seq, size: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ type: fc.constant('info' as const), device, seq }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('move' as const), device }) },
);
const some = fc.array(talk, { maxLength: 8 });
const story = fc
  .tuple(some, some, some, some, some)
  .map(([early, atOnce, ringingFor, talking, after]): Step[] => [
    ...early,
    { type: 'effect', effects: [placed, ...rings] },
    ...atOnce,
    { type: 'effect', effects: [rings[0] ?? placed] },
    ...ringingFor,
    { type: 'effect', effects: [answered] },
    ...talking,
    { type: 'effect', effects: [closed] },
    ...after,
  ]);

function deviceOf(line: string): string {
  return line.slice(0, line.indexOf(':'));
}

function ufrag() {
  return fc.constantFrom(undefined, 'offr', 'answ', 'stale');
}

/** What devices get, and what is answered to those who send, when devices move between so many nodes. */
function play(steps: Step[], nodes: number): string[] {
  // what is relayed waits for its call, wherever it goes
  const [told, outbox] = [new Outbox(), new Outbox()];
  outbox.equip(phone, 'early_candidates', 'ice_batch');
  const relays = Array.from({ length: nodes }, () => new SignalRelay(outbox, LIMIT_PROFILES.standard));
  const where = new Map<DeviceKey, number>(DEVICES.map((each) => [each, 0]));
  const relayOf = (at: DeviceKey) => relays[where.get(at) ?? 0] ?? new SignalRelay(outbox, LIMIT_PROFILES.standard);
  const lines: string[] = [];
  const inOrder = (each: string[]) => each.toSorted((a, b) => deviceOf(a).localeCompare(deviceOf(b)));
  const note = (outcome: { ok: boolean }) => lines.push(...inOrder(outbox.lines()), JSON.stringify(outcome));
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };

  const run = (effect: Effect) => {
    for (const [node, relay] of relays.entries()) {
      const here = DEVICES.filter((each) => where.get(each) === node);
      if (here.length > 0)
        runEffects([effect], { deliver: deliverTo((to) => here.some((each) => each === to), told), relay });
    }
    if (effect.type !== 'ring' || where.get(effect.device) === where.get(laptop)) return;
    relayOf(laptop).ring(effect.device, effect.call, true);
  };
  const move = (moving: DeviceKey) => {
    if (nodes === 1) return;
    const from = where.get(moving) ?? 0;
    const others = DEVICES.filter((each) => each !== moving && where.get(each) === from);
    const sent = relays[from]?.release(moving, (other) => others.some((each) => each === other));
    const to = (from + 1) % nodes;
    where.set(moving, to);
    relays[to]?.adopt(moving, sentSchema.parse(JSON.parse(JSON.stringify(sent))));
  };

  for (const step of steps) {
    if (step.type === 'effect') {
      for (const effect of step.effects) run(effect);
      lines.push(...inOrder([...told.lines(), ...outbox.lines()]));
      continue;
    }
    if (step.type === 'move') {
      move(step.device);
      continue;
    }
    const relay = relayOf(step.device);
    const base = { callId: 'c1', seq: step.seq };
    if (step.type === 'info') note(relay.relayInfo(step.device, { ...base, data: next() }));
    else if (step.type === 'batch') {
      const candidates = Array.from({ length: step.size }, () => candidate(next()));
      note(relay.relayBatch(step.device, { ...base, candidates }));
    } else {
      const to = step.device === laptop ? 'bob' : 'alice';
      const sent = { to, candidate: candidate(next(), step.ufrag), seq: step.seq };
      note(relay.relay(step.device, sent, PLACED_AT));
    }
  }
  return lines;
}

test('[NODE-5] devices that move whenever they like get from each other what they would if they stayed', () => {
  fc.assert(
    fc.property(story, fc.integer({ min: 2, max: 3 }), (steps, nodes) => {
      expect(play(steps, nodes)).toEqual(play(steps, 1));
    }),
    { numRuns: scaled(500) },
  );
});
