import { describe, expect, test } from 'vitest';
import type { CallRules, End, LiveCall, RingingCall } from '../../src/domain/call.ts';
import type { PlaceCommand } from '../../src/domain/command.ts';
import { judgeFirst, type PlaceFacts, startCall } from '../../src/domain/start-call.ts';
import {
  active,
  alice,
  bob,
  carol,
  hungUp,
  kept,
  laptop,
  lost,
  NOW,
  OFFER,
  pager,
  phone,
  RULES,
  ringing,
  tablet,
  tv,
  up,
  watch,
} from './cast.ts';
import { effectLine } from './effect-line.ts';

/** Alice's laptop calls Bob. */
const TO_BOB: PlaceCommand = {
  scope: '',
  callId: 'new',
  device: laptop,
  from: alice,
  to: bob.id,
  callType: 'video',
  offer: OFFER,
  at: NOW,
};

const PLACED = ['new placed', 'phone: rings', 'tablet: rings'];
const TO_CAROL_REPLACED = ['pager: ended, replaced by alice', 'to-carol over'];

const fromAliceToCarol = (change: Partial<RingingCall> = {}) =>
  ringing({ id: 'to-carol', to: carol, rung: [up(pager)], ...change });
const fromBobToAlice = ringing({ id: 'from-bob', from: bob, to: alice, caller: up(tv), rung: [up(laptop), up(watch)] });
const fromCarolToBob = ringing({ id: 'from-carol', from: carol, caller: up(pager), rung: [up(phone)] });
const bobTalksOn = (device: typeof phone) =>
  active({ id: `on-${device}`, from: carol, to: bob, caller: up(pager), callee: up(device) });
const aliceTalksOnWatch = active({ id: 'on-watch', from: alice, to: carol, caller: up(watch), callee: up(pager) });
const aliceCameBack = active({ id: 'came-back', from: alice, to: carol, caller: kept(laptop), callee: up(pager) });

interface Row {
  name: string;
  /** The calls that Alice has. */
  caller?: LiveCall[];
  /** The calls that Bob has. */
  callee?: LiveCall[];
  /** Bob's devices that are online; his phone and tablet unless told otherwise. */
  devices?: End[];
  max?: number;
  ringsUnreachable?: boolean;
  /** What is done, and at last the refusal, if it is one. */
  expected: string[];
}

const ROWS: Row[] = [
  { name: '[CALL-1] every device of the callee rings', expected: PLACED },
  {
    name: '[LOSS-8] a lost device is rung too: who delivers knows that it cannot hear',
    devices: [up(phone), lost(tablet)],
    expected: ['new placed', 'phone: rings', 'tablet: rings'],
  },
  {
    name: '[LOSS-8] a callee whose every device is lost, within the grace, is waited for',
    devices: [lost(phone)],
    expected: ['new placed', 'phone: rings'],
  },

  { name: '[CALL-12] nobody to ring', devices: [], expected: ['refused: user_offline'] },
  {
    name: '[CALL-12] nobody to ring, and the host wants the call to ring on',
    devices: [],
    ringsUnreachable: true,
    expected: ['new placed'],
  },

  { name: '[CALL-9] the caller is in a call', caller: [aliceTalksOnWatch], expected: ['refused: busy'] },
  {
    name: '[CALL-9] the caller is being rung',
    caller: [ringing({ from: carol, to: alice, caller: up(pager), rung: [up(watch)] })],
    expected: ['refused: busy'],
  },
  { name: '[CALL-9] the callee is in a call', callee: [bobTalksOn(tv)], expected: ['refused: busy'] },
  { name: '[CALL-9] the callee is being rung', callee: [fromCarolToBob], expected: ['refused: busy'] },
  {
    name: '[CALL-9] both have room for another call',
    caller: [aliceTalksOnWatch],
    callee: [fromCarolToBob],
    max: 2,
    expected: PLACED,
  },
  {
    name: '[CALL-9] the caller has no room for a third call',
    caller: [aliceTalksOnWatch, aliceTalksOnWatch],
    max: 2,
    expected: ['refused: busy'],
  },

  {
    name: '[LIMIT-5] 3 calls ring the callee already',
    callee: [fromCarolToBob, fromCarolToBob, fromCarolToBob],
    max: 5,
    expected: ['refused: rate_limited'],
  },
  { name: '[LIMIT-5] 2 calls ring the callee', callee: [fromCarolToBob, fromCarolToBob], max: 5, expected: PLACED },
  {
    name: '[LIMIT-5] calls that were answered, and those of the callee, do not count',
    callee: [fromCarolToBob, fromCarolToBob, bobTalksOn(tv), ringing({ from: bob, to: carol, caller: up(tv) })],
    max: 5,
    expected: PLACED,
  },
  {
    name: '[LIMIT-5] [CALL-11] who is rung by the callee hears so, whoever else rings them',
    caller: [fromBobToAlice],
    callee: [fromCarolToBob, fromCarolToBob, fromCarolToBob, fromBobToAlice],
    max: 5,
    expected: ['refused: glare from-bob'],
  },

  {
    name: '[CALL-10] a device that talks is not rung',
    callee: [bobTalksOn(phone)],
    max: 2,
    expected: ['new placed', 'tablet: rings'],
  },
  {
    name: '[CALL-10] a device that calls is not rung',
    callee: [ringing({ from: bob, to: carol, caller: up(phone), rung: [up(pager)] })],
    max: 2,
    expected: ['new placed', 'tablet: rings'],
  },
  {
    name: '[CALL-10] a device that is only rung is rung for this call, too',
    callee: [fromCarolToBob],
    max: 2,
    expected: PLACED,
  },
  {
    name: '[CALL-10] every device of the callee is in a call',
    callee: [bobTalksOn(phone), bobTalksOn(tablet)],
    max: 9,
    expected: ['refused: busy'],
  },
  {
    name: '[CALL-10] the only device online is in a call',
    callee: [bobTalksOn(phone)],
    devices: [up(phone)],
    max: 9,
    ringsUnreachable: true,
    expected: ['refused: busy'],
  },

  {
    name: '[CALL-8] a ringing call of the same device is replaced, before anybody is rung',
    caller: [fromAliceToCarol()],
    expected: [...TO_CAROL_REPLACED, ...PLACED],
  },
  {
    name: '[CALL-8] so is one to the same user',
    caller: [ringing()],
    callee: [ringing()],
    expected: ['phone: ended, replaced by alice', 'tablet: ended, replaced by alice', 'c1 over', ...PLACED],
  },
  {
    name: '[CALL-8] a ringing call of another device of the user is not',
    caller: [fromAliceToCarol({ caller: up(watch) })],
    expected: ['refused: busy'],
  },
  {
    name: '[CALL-8] an active call of the device is not',
    caller: [active({ to: carol, callee: up(pager) })],
    expected: ['refused: busy'],
  },
  {
    name: '[LOSS-6] an active call that a legacy device was given back is replaced',
    caller: [aliceCameBack],
    expected: ['pager: ended, replaced by alice after 2000 ms', 'came-back over', ...PLACED],
  },
  {
    name: '[LOSS-6] but not one that the callee was given back',
    caller: [active({ from: alice, to: carol, callee: kept(pager) })],
    expected: ['refused: busy'],
  },

  {
    name: '[CALL-11] the callee is ringing the caller',
    caller: [fromBobToAlice],
    callee: [fromBobToAlice],
    expected: ['refused: glare from-bob'],
  },
  {
    name: '[CALL-11] the callee has called and is talking with the caller',
    caller: [active({ from: bob, to: alice, caller: up(tv), callee: up(watch) })],
    expected: ['refused: busy'],
  },

  {
    name: '[CALL-14] replaced before glare',
    caller: [fromAliceToCarol(), fromBobToAlice],
    callee: [fromBobToAlice],
    max: 2,
    expected: [...TO_CAROL_REPLACED, 'refused: glare from-bob'],
  },
  {
    name: '[CALL-14] replaced before busy: the call that goes makes room',
    caller: [fromAliceToCarol(), aliceTalksOnWatch],
    max: 2,
    expected: [...TO_CAROL_REPLACED, ...PLACED],
  },
  {
    name: "[CALL-14] replaced before busy: also on the callee's line",
    caller: [ringing()],
    callee: [ringing(), fromCarolToBob],
    max: 2,
    expected: ['phone: ended, replaced by alice', 'tablet: ended, replaced by alice', 'c1 over', ...PLACED],
  },
  {
    name: '[CALL-14] replaced before busy: the old call ends also when the new one is refused',
    caller: [fromAliceToCarol()],
    callee: [fromCarolToBob],
    expected: [...TO_CAROL_REPLACED, 'refused: busy'],
  },
  {
    name: '[CALL-14] replaced before offline',
    caller: [fromAliceToCarol()],
    devices: [],
    expected: [...TO_CAROL_REPLACED, 'refused: user_offline'],
  },
  {
    name: '[CALL-14] glare before busy',
    caller: [fromBobToAlice],
    callee: [fromBobToAlice, bobTalksOn(phone)],
    expected: ['refused: glare from-bob'],
  },
  {
    name: '[CALL-14] busy before offline: the caller',
    caller: [aliceTalksOnWatch],
    devices: [],
    expected: ['refused: busy'],
  },
  {
    name: '[CALL-14] busy before offline: the callee',
    callee: [bobTalksOn(phone)],
    devices: [],
    expected: ['refused: busy'],
  },
  {
    name: '[CALL-14] glare before offline',
    caller: [fromBobToAlice],
    callee: [fromBobToAlice],
    devices: [],
    expected: ['refused: glare from-bob'],
  },
];

function judge({
  caller = [],
  callee = [],
  devices = [up(phone), up(tablet)],
  max = 1,
  ringsUnreachable = false,
}: Partial<Row>) {
  const facts: PlaceFacts = {
    callerCalls: caller,
    calleeCalls: callee,
    callee: bob,
    calleeDevices: devices,
    ringsUnreachable,
  };
  const rules: CallRules = { ...RULES, maxCallsPerUser: max };
  return startCall(TO_BOB, facts, rules);
}

describe('a new call', () => {
  for (const row of ROWS) {
    test(row.name, () => {
      const { effects, refusal } = judge(row);
      const refused =
        refusal === undefined ? [] : [`refused: ${[refusal.code, refusal.callId].filter(Boolean).join(' ')}`];
      expect([...effects.map(effectLine), ...refused]).toEqual(row.expected);
    });
  }

  test('[CALL-7] rings for the ring timeout, from its caller to the devices that are free', () => {
    const decision = judge({
      callee: [bobTalksOn(tv)],
      devices: [up(tv), up(phone), lost(tablet)],
      max: 2,
    });
    expect(decision).toMatchObject({
      calls: [
        {
          id: 'new',
          version: 1,
          status: 'ringing',
          from: alice,
          to: bob,
          callType: 'video',
          offer: OFFER,
          startedAt: NOW,
          caller: up(laptop),
          rung: [up(phone), lost(tablet)],
          ringUntil: NOW + 60_000,
          dueAt: NOW + 15_000,
        },
      ],
    });
  });

  const replaced = { id: 'to-carol', status: 'ended', reason: 'replaced', version: 2 };

  test('[CALL-8] is committed together with the one that it replaces', () => {
    const { calls } = judge({ caller: [fromAliceToCarol()] });
    expect(calls).toMatchObject([replaced, { id: 'new', status: 'ringing', version: 1 }]);
  });

  test('[CALL-8] that is refused has the one that it replaces committed alone', () => {
    const { calls } = judge({ caller: [fromAliceToCarol()], devices: [] });
    expect(calls).toMatchObject([replaced]);
  });
});

describe('before anybody else is asked', () => {
  const toAlice = { ...TO_BOB, to: alice.id };
  test.each([
    ['[CALL-13] a call to somebody else goes on', TO_BOB, undefined, undefined],
    ['[CALL-13] a call to oneself is forbidden', toAlice, undefined, 'forbidden'],
    ['[CALL-18] the same call again is repeated', TO_BOB, ringing({ id: 'new' }), 'repeated'],
    ['[CALL-18] also when it is answered', TO_BOB, active({ id: 'new' }), 'repeated'],
    ['[CALL-18] also when it has ended', TO_BOB, hungUp({ id: 'new' }), 'repeated'],
    [
      "[CALL-18] another device's call id is not for this one",
      TO_BOB,
      ringing({ id: 'new', caller: up(watch) }),
      'forbidden',
    ],
    [
      "[CALL-18] nor is that of another device's ended call",
      TO_BOB,
      hungUp({ id: 'new', callerDevice: watch }),
      'forbidden',
    ],
    ['[CALL-14] same callId before oneself', toAlice, ringing({ id: 'new' }), 'repeated'],
  ])('%s', (_, command, sameId, judgement) => expect(judgeFirst(command, sameId)).toBe(judgement));
});
