import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isParty } from '../../src/domain/call.ts';
import { type DeviceKey, deviceKey, type UserId } from '../../src/domain/ids.ts';
import { scaled } from '../domain/scale.ts';
import { Ensemble } from './ensemble.ts';
import { checkHistory, checkScreen } from './invariants.ts';
import { RULES } from './world.ts';

const [laptop, watch] = [deviceKey('alice', 'one'), deviceKey('alice', 'two')];
const [phone, tablet] = [deviceKey('bob', 'one'), deviceKey('bob', 'two')];
const pager = deviceKey('carol', 'one');
const DEVICES = [laptop, watch, phone, tablet, pager];

/** Nine races, and whatever else: 6,500 interleavings at full scale. */
const RUNS = scaled(30, 500);
const FULL_SCALE_MS = 300_000;

interface Race {
  /** What has happened before; nothing of it waits. */
  before?: undefined | ((ensemble: Ensemble) => Promise<unknown>);
  /** What happens at once. */
  racers: (ensemble: Ensemble) => (() => Promise<unknown>)[];
  /** What must have come of it, beyond what always must. */
  after?: (answers: unknown[], ensemble: Ensemble) => void;
}

async function run(race: Race, scheduler: fc.Scheduler): Promise<void> {
  const ensemble = new Ensemble(scheduler, 1);
  for (const device of DEVICES) await ensemble.arrive(device);
  await race.before?.(ensemble);
  ensemble.isScheduled = true;
  const racers = race.racers(ensemble).map((racer) => racer());
  const answers = await scheduler.waitFor(Promise.all(racers));
  await scheduler.waitIdle();
  check(ensemble);
  race.after?.(answers, ensemble);
  await ensemble.finish();
  check(ensemble);
  expect(ensemble.truth.live()).toEqual([]);
  expect(ensemble.clock.pending).toBe(0);
}

function check(ensemble: Ensemble): void {
  const { faults, truth, screens } = ensemble;
  expect(faults).toEqual([]);
  const live = truth.live();
  for (const history of truth.histories.values()) checkHistory(history);
  for (const [device, screen] of screens) if (ensemble.isConnected(device)) checkScreen(device, screen, live);
  for (const user of ['alice', 'bob', 'carol']) {
    expect(live.filter((call) => isParty(call, user)).length).toBeLessThanOrEqual(1);
  }
}

const rings = (ensemble: Ensemble) => ensemble.call(laptop, 'bob', 'c1');
const talk = async (ensemble: Ensemble) => [await rings(ensemble), await ensemble.accept(phone, 'c1')];

const ringsForLong = async (ensemble: Ensemble) => [
  await rings(ensemble),
  await ensemble.clock.advance(RULES.ringTimeoutMs - 1),
];

const RACES: Record<string, Race> = {
  '[CALL-4] two devices accept: one wins, the other is refused': {
    before: rings,
    racers: (all) => [() => all.accept(phone, 'c1'), () => all.accept(tablet, 'c1')],
    after: (answers) => expect(answers.toSorted()).toEqual(['invalid_state', 'ok']),
  },
  '[CALL-11] two users call each other: one call, the other is refused': {
    racers: (all) => [() => all.call(laptop, 'bob', 'c1'), () => all.call(phone, 'alice', 'c2')],
    after(answers, { truth }) {
      expect(answers.toSorted()).toEqual(['glare', 'ok']);
      expect(truth.live()).toMatchObject([{ id: answers[0] === 'ok' ? 'c1' : 'c2' }]);
    },
  },
  '[CALL-9] two users call a third: one rings, the other is told that it is busy': {
    racers: (all) => [() => all.call(laptop, 'carol', 'c1'), () => all.call(phone, 'carol', 'c2')],
    after: (answers) => expect(answers.toSorted()).toEqual(['busy', 'ok']),
  },
  '[CALL-21] an answer, a refusal and a cancellation: one end': {
    before: rings,
    racers: (all) => [() => all.accept(phone, 'c1'), () => all.end(laptop, 'c1'), () => all.reject(tablet, 'c1')],
    after: (answers, { truth }) => {
      expect(answers).toContain('ok');
      expect(truth.live()).toHaveLength(answers[0] === 'ok' && answers[1] !== 'ok' ? 1 : 0);
    },
  },
  '[CALL-14] an answer at the moment of a redial that is refused: the caller talks, or has hung up': {
    before: rings,
    racers: (all) => [() => all.accept(phone, 'c1'), () => all.call(laptop, 'alice', 'c2')],
    after: (answers) => expect(answers[1]).toBe('forbidden'),
  },
  '[CALL-7] an answer at the moment of the timeout: one of the two': {
    before: ringsForLong,
    racers: (all) => [() => all.clock.advance(251), () => all.accept(phone, 'c1')],
    after: ([, accepted], { truth }) => expect(truth.live()).toHaveLength(accepted === 'ok' ? 1 : 0),
  },
  '[LOSS-2] an answer while both connections are lost: the call knows of it': {
    before: rings,
    racers: (all) => [() => all.accept(phone, 'c1'), all.parting(laptop, 'lose'), all.parting(tablet, 'lose')],
    after: ([accepted], { truth }) => {
      expect(accepted).toBe('ok');
      expect(truth.live()).toMatchObject([{ status: 'active', caller: { link: { state: 'lost' } } }]);
    },
  },
  '[JOIN-7] [LOSS-7] a takeover while the old connection is found lost: the device is there': {
    before: talk,
    racers: (all) => [() => all.arrive(phone), all.parting(phone, 'lose')],
    after: (_, { truth }) => expect(truth.live()).toMatchObject([{ callee: { device: phone, link: { state: 'up' } } }]),
  },
  '[CALL-19] [LOSS-1] a call while the callee’s devices come and go: who is there rings': {
    before: (all) => all.parting(tablet, 'leave')(),
    racers: (all) => [() => all.call(laptop, 'bob', 'c1'), () => all.arrive(tablet), all.parting(phone, 'leave')],
    after: ([placed], { truth }) => {
      if (placed !== 'ok') expect(placed).toBe('user_offline');
      // the last device that it rang may have left before the other was there
      for (const call of truth.live()) expect(call).toMatchObject({ rung: [{ device: tablet }] });
    },
  },
};

const ACTS = ['call', 'accept', 'accept', 'end', 'reject', 'lose', 'leave', 'arrive', 'wait'] as const;

/** What a device does; time passes for all. */
interface Move {
  act: (typeof ACTS)[number];
  device: DeviceKey;
  to: UserId;
}

const move: fc.Arbitrary<Move> = fc.record({
  act: fc.constantFrom(...ACTS),
  device: fc.constantFrom(...DEVICES),
  to: fc.constantFrom('alice', 'bob', 'carol'),
});

/** What devices do at once: each connection one thing after the other, as its queue has it. */
function racersOf(moves: Move[]): Race['racers'] {
  return (all) => {
    const queues = new Map<string, Promise<unknown>>();
    return moves.map((each, index) => () => {
      const act = actOf(each, all, `c${index + 2}`);
      const isThere = () => each.act === 'wait' || each.act === 'arrive' || all.isConnected(each.device);
      // a new connection does not wait for the old one
      const key = each.act === 'wait' || each.act === 'arrive' ? `${index}` : each.device;
      const turn = (queues.get(key) ?? Promise.resolve()).then(() => (isThere() ? act() : undefined));
      queues.set(key, turn);
      return turn;
    });
  };
}

const isBackAtOnce = ({ act, device }: Move, moves: Move[]) =>
  act === 'arrive' && moves.some((other) => other.act === 'leave' && other.device === device);

function actOf({ act, device, to }: Move, all: Ensemble, newCallId: string): () => Promise<unknown> {
  switch (act) {
    case 'wait':
      return () => all.clock.advance(251);
    case 'call':
      return () => all.call(device, to, newCallId);
    case 'arrive':
      return () => all.arrive(device);
    case 'lose':
    case 'leave':
      return all.parting(device, act);
    default:
      return () => all[act](device, 'c1');
  }
}

const BEFORE: Record<string, Race['before']> = {
  idle: async () => {},
  ringing: rings,
  'ringing for long': ringsForLong,
  talking: talk,
};

describe('in whatever order the stores answer', () => {
  test(
    '[CALL-4] [CALL-21] whatever happens at once, everybody who is there tells the same story',
    async () => {
      const property = fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...Object.keys(BEFORE)),
        fc.array(move, { minLength: 2, maxLength: 4 }),
        (scheduler, state, moves) =>
          run(
            { before: BEFORE[state], racers: racersOf(moves.filter((each) => !isBackAtOnce(each, moves))) },
            scheduler,
          ),
      );
      await fc.assert(property, { numRuns: scaled(100, 2_000) });
    },
    FULL_SCALE_MS,
  );

  test.each(Object.entries(RACES))(
    '%s',
    async (_, race) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), (scheduler) => run(race, scheduler)),
        { numRuns: RUNS },
      );
    },
    FULL_SCALE_MS,
  );
});
