import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { transition } from '../../src/domain/transition.ts';
import { ANSWER, active, declined, hungUp, laptop, NOW, pager, phone, RULES, ringing, tv, watch } from './cast.ts';
import { effectLine } from './effect-line.ts';

/*
 * What becomes of a call: every state by every command by every role. Alice's laptop calls, Bob's phone and tablet ring.
 *
 *   callee           the phone: rung, then the one that answered        callee's other   Bob's TV: not rung
 *   caller's other   Alice's watch                                      outsider         Carol's pager
 *   nobody           the command comes from no device
 *
 * A cell is a refusal (its code), `same` (the call stays as it is, nobody hears anything), or another of the OUTCOMES
 * below.
 */
const TABLE = `
state    | command | caller          | callee          | callee's other | caller's other | outsider       | nobody
---------|---------|-----------------|-----------------|----------------|----------------|----------------|----------------
ringing  | accept  | invalid_state   | answered        | invalid_state  | invalid_state  | call_not_found |
ringing  | reject  | invalid_state   | declined        | invalid_state  | invalid_state  | call_not_found |
ringing  | end     | cancelled       | declined        | invalid_state  | invalid_state  | call_not_found |
ringing  | replace | replaced        | same            | same           | same           | call_not_found |
ringing  | ring    | same            | rung again      | rung too       | same           | call_not_found |
ringing  | leave   | caller left     | rung left       | same           | same           | call_not_found |
ringing  | lose    | caller lost     | rung lost       | same           | same           | call_not_found |
ringing  | return  | same            | rung is back    | same           | same           | call_not_found |
ringing  | remove  |                 |                 |                |                |                | removed ringing
ringing  | expire  |                 |                 |                |                |                | same
---------|---------|-----------------|-----------------|----------------|----------------|----------------|----------------
active   | accept  | invalid_state   | same            | invalid_state  | invalid_state  | call_not_found |
active   | reject  | invalid_state   | invalid_state   | invalid_state  | invalid_state  | call_not_found |
active   | end     | caller hung up  | callee hung up  | invalid_state  | invalid_state  | call_not_found |
active   | replace | same            | same            | same           | same           | call_not_found |
active   | ring    | same            | same            | same           | same           | call_not_found |
active   | leave   | caller gone     | callee gone     | same           | same           | call_not_found |
active   | lose    | caller away     | callee away     | same           | same           | call_not_found |
active   | return  | same            | same            | same           | same           | call_not_found |
active   | remove  |                 |                 |                |                |                | removed active
active   | expire  |                 |                 |                |                |                | same
---------|---------|-----------------|-----------------|----------------|----------------|----------------|----------------
hung up  | accept  | invalid_state   | same            | invalid_state  | invalid_state  | call_not_found |
hung up  | reject  | invalid_state   | invalid_state   | invalid_state  | invalid_state  | call_not_found |
hung up  | end     | same            | invalid_state   | invalid_state  | invalid_state  | call_not_found |
hung up  | replace | same            | same            | same           | same           | call_not_found |
hung up  | ring    | same            | same            | same           | same           | call_not_found |
hung up  | leave   | same            | same            | same           | same           | call_not_found |
hung up  | lose    | same            | same            | same           | same           | call_not_found |
hung up  | return  | same            | same            | same           | same           | call_not_found |
hung up  | remove  |                 |                 |                |                |                | invalid_state
hung up  | expire  |                 |                 |                |                |                | same
---------|---------|-----------------|-----------------|----------------|----------------|----------------|----------------
declined | accept  | invalid_state   | invalid_state   | invalid_state  | invalid_state  | call_not_found |
declined | reject  | invalid_state   | same            | invalid_state  | invalid_state  | call_not_found |
declined | end     | invalid_state   | same            | invalid_state  | invalid_state  | call_not_found |
declined | replace | same            | same            | same           | same           | call_not_found |
declined | ring    | same            | same            | same           | same           | call_not_found |
declined | leave   | same            | same            | same           | same           | call_not_found |
declined | lose    | same            | same            | same           | same           | call_not_found |
declined | return  | same            | same            | same           | same           | call_not_found |
declined | remove  |                 |                 |                |                |                | invalid_state
declined | expire  |                 |                 |                |                |                | same
`;

/** The next status, or `same` when the call stays as it is, then what is to be done, in order. */
const OUTCOMES: Record<string, [status: Call['status'] | 'same', ...effects: string[]]> = {
  same: ['same'],
  answered: ['active', 'answered by phone', 'tablet: ended, answered_elsewhere by bob'],
  declined: ['ended', 'laptop: rejected, declined', 'tablet: ended, rejected_elsewhere by bob', 'c1 over'],
  cancelled: ['ended', 'phone: ended, cancelled by alice', 'tablet: ended, cancelled by alice', 'c1 over'],
  replaced: ['ended', 'phone: ended, replaced by alice', 'tablet: ended, replaced by alice', 'c1 over'],
  'rung too': ['ringing', 'tv: rings'],
  'rung again': ['same', 'phone: rings'],
  'rung is back': ['ringing'],
  'rung left': ['ringing', 'phone: rung no more'],
  'rung lost': ['ringing'],
  'caller lost': ['ringing', 'phone: peer_reconnecting', 'tablet: peer_reconnecting'],
  'caller left': [
    'ended',
    'phone: ended, peer_disconnected by alice',
    'tablet: ended, peer_disconnected by alice',
    'c1 over',
  ],
  'removed ringing': ['ended', 'laptop: ended, removed', 'phone: ended, removed', 'tablet: ended, removed', 'c1 over'],
  'caller hung up': ['ended', 'phone: ended, hangup by alice after 2000 ms', 'c1 over'],
  'callee hung up': ['ended', 'laptop: ended, hangup by bob after 2000 ms', 'c1 over'],
  'caller gone': ['ended', 'phone: ended, peer_disconnected by alice after 2000 ms', 'c1 over'],
  'callee gone': ['ended', 'laptop: ended, peer_disconnected by bob after 2000 ms', 'c1 over'],
  'caller away': ['active', 'phone: peer_reconnecting'],
  'callee away': ['active', 'laptop: peer_reconnecting'],
  'removed active': ['ended', 'laptop: ended, removed after 2000 ms', 'phone: ended, removed after 2000 ms', 'c1 over'],
};

const STATES: Record<string, Call> = {
  ringing: ringing(),
  active: active(),
  'hung up': hungUp(),
  declined: declined(),
};

const ROLES = {
  caller: laptop,
  callee: phone,
  "callee's other": tv,
  "caller's other": watch,
  outsider: pager,
  nobody: undefined,
} as const;
type Role = keyof typeof ROLES;

/** Every command there is, and the rule that says what it does. Some come from no device. */
const COMMANDS: Record<CallCommand['type'], { rule: string; from(device: DeviceKey): CallCommand }> = {
  accept: { rule: 'CALL-4', from: (device) => ({ type: 'accept', device, answer: ANSWER, at: NOW }) },
  reject: { rule: 'CALL-5', from: (device) => ({ type: 'reject', device, reason: 'declined', at: NOW }) },
  end: { rule: 'CALL-6', from: (device) => ({ type: 'end', device, at: NOW }) },
  replace: { rule: 'CALL-8', from: (device) => ({ type: 'replace', device, at: NOW }) },
  ring: { rule: 'CALL-19', from: (device) => ({ type: 'ring', device, at: NOW }) },
  leave: { rule: 'LOSS-1', from: (device) => ({ type: 'leave', device, at: NOW }) },
  lose: { rule: 'LOSS-2', from: (device) => ({ type: 'lose', device, at: NOW }) },
  return: { rule: 'LOSS-3', from: (device) => ({ type: 'return', device, legacy: false, at: NOW }) },
  remove: { rule: 'HOST-10', from: () => ({ type: 'remove', reason: 'removed', at: NOW }) },
  expire: { rule: 'CALL-7', from: () => ({ type: 'expire', at: NOW }) },
};

interface Cell {
  state: string;
  command: string;
  role: string;
  expected: string;
}

const [head = [], , ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

const CELLS: Cell[] = rows
  .filter(([state]) => state !== undefined && !state.startsWith('-'))
  .flatMap(([state = '', command = '', ...cells]) =>
    cells.map((expected, index) => ({ state, command, role: head[index + 2] ?? '', expected })),
  )
  .filter(({ expected }) => expected !== '');

function commandOf({ command, role }: Cell): { rule: string; command: CallCommand } {
  // the first test of this file holds the names against these tables
  const { rule, from } = COMMANDS[command as CallCommand['type']];
  return { rule, command: from(ROLES[role as Role] ?? 'nobody/0') };
}

/** The rule that a cell belongs to. */
function ruleOf(cell: Cell): string {
  const { command, rule } = commandOf(cell);
  if (cell.role === 'outsider') return 'CALL-17';
  if (STATES[cell.state]?.status === 'ended') {
    return ['accept', 'reject', 'end', 'remove'].includes(command.type) ? 'CALL-18' : 'CALL-21';
  }
  return cell.role.endsWith('other') && !Object.hasOwn(OUTCOMES, cell.expected) ? 'CALL-17' : rule;
}

test('[CALL-17] the table has one cell for every state, command and role, and knows no others', () => {
  const expected = Object.keys(STATES).flatMap((state) =>
    Object.entries(COMMANDS).flatMap(([command, { from }]) => {
      const roles = 'device' in from(laptop) ? Object.keys(ROLES).filter((role) => role !== 'nobody') : ['nobody'];
      return roles.map((role) => `${state}, ${command}, ${role}`);
    }),
  );
  expect(CELLS.map(({ state, command, role }) => `${state}, ${command}, ${role}`).sort()).toEqual(expected.sort());
  expect(new Set(Object.values(STATES).map((call) => call.status))).toEqual(new Set(['ringing', 'active', 'ended']));
});

describe.each(Object.entries(STATES))('%s', (state, call) => {
  for (const cell of CELLS.filter((each) => each.state === state)) {
    test(`[${ruleOf(cell)}] ${cell.command} by ${cell.role}: ${cell.expected}`, () => {
      const decision = transition(call, commandOf(cell).command, RULES);
      const outcome = OUTCOMES[cell.expected];
      if (outcome === undefined) {
        expect(decision).toEqual({ ok: false, code: cell.expected });
        return;
      }
      const [status, ...effects] = outcome;
      if (!decision.ok) throw new Error(`refused: ${decision.code}`);
      if (status === 'same') expect(decision.call).toBe(call);
      else expect(decision.call).toMatchObject({ id: call.id, version: call.version + 1, status });
      expect(decision.effects.map(effectLine)).toEqual(effects);
    });
  }
});
