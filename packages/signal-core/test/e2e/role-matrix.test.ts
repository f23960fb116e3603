import { FakeClock, startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientEvent, clientEventSchemas } from '../../src/protocol/client-events.ts';
import { LegacyClient } from './legacy-client.ts';
import { ANSWER, candidate, OFFER } from './session-descriptions.ts';

/** Who sends: an end of the call, another device of a party, or somebody who has no part in it. */
const ROLES = ['caller', 'callee', 'calleeOther', 'callerOther', 'outsider', 'unjoined'] as const;
type Role = (typeof ROLES)[number];
const USERS: Record<Exclude<Role, 'unjoined'>, string> = {
  caller: 'alice',
  callerOther: 'alice',
  callee: 'bob',
  calleeOther: 'bob',
  outsider: 'mallory',
};
const JOINED = Object.keys(USERS) as (keyof typeof USERS)[];

const STATES = ['no call', 'ringing', 'active', 'ended'] as const;
type State = (typeof STATES)[number];

/**
 * By state: `ok` or the code of the refusal, and after an arrow who is sent what. While it rings both devices of the
 * callee are rung; `callee` answers it; `caller` hangs up.
 */
type Row = readonly [noCall: string, ringing: string, active: string, ended: string];
interface Sending {
  rule: string;
  payload(names: { callId: string; role: Role; peer: string }): unknown;
  rows: Record<Role, Row>;
}

const all = (outcome: string): Row => [outcome, outcome, outcome, outcome];
const NOBODY: Row = all('call_not_found');
const OTHER_DEVICE: Row = ['call_not_found', 'invalid_state', 'invalid_state', 'invalid_state'];
const NOT_JOINED: Row = all('not_joined');
const WHENEVER = { caller: 'ok', callee: 'ok', calleeOther: 'ok', callerOther: 'ok', outsider: 'ok' } as const;
/** What concerns no call. */
const harmless = (unjoined: string): Record<Role, Row> => ({
  caller: all(WHENEVER.caller),
  callee: all(WHENEVER.callee),
  calleeOther: all(WHENEVER.calleeOther),
  callerOther: all(WHENEVER.callerOther),
  outsider: all(WHENEVER.outsider),
  unjoined: all(unjoined),
});
/** What the ends of an active call have for each other. */
const talking = (event: string): Record<Role, Row> => ({
  caller: ['call_not_found', 'invalid_state', `ok → callee ${event}`, 'invalid_state'],
  callee: ['call_not_found', 'invalid_state', `ok → caller ${event}`, 'invalid_state'],
  calleeOther: OTHER_DEVICE,
  callerOther: OTHER_DEVICE,
  outsider: NOBODY,
  unjoined: NOT_JOINED,
});
/** Candidates wait at the server until the call is answered. */
const trickling: Record<Role, Row> = {
  caller: ['call_not_found', 'ok', 'ok → callee ice_candidate', 'invalid_state'],
  callee: ['call_not_found', 'ok', 'ok → caller ice_candidate', 'invalid_state'],
  calleeOther: ['call_not_found', 'ok', 'invalid_state', 'invalid_state'],
  callerOther: OTHER_DEVICE,
  outsider: NOBODY,
  unjoined: NOT_JOINED,
};

const MATRIX: Record<ClientEvent, Sending> = {
  join: {
    rule: 'AUTH-2',
    payload: ({ role }) =>
      role === 'outsider' || role === 'unjoined' ? { id: 'alice', username: 'alice' } : identityOf(role),
    rows: { ...harmless('unauthorized'), outsider: all('identity_mismatch') },
  },
  auth_refresh: {
    rule: 'AUTH-11',
    payload: ({ role }) => ({ token: role === 'outsider' || role === 'unjoined' ? 'alice' : USERS[role] }),
    rows: { ...harmless('not_joined'), outsider: all('identity_mismatch') },
  },
  ping: { rule: 'JOIN-6', payload: () => undefined, rows: harmless('ok') },
  ice_servers: { rule: 'TURN-3', payload: () => undefined, rows: harmless('not_joined') },
  presence_sync: { rule: 'PRES-9', payload: () => ({}), rows: harmless('not_joined') },
  presence_subscribe: { rule: 'PRES-10', payload: ({ peer }) => ({ ids: [peer] }), rows: harmless('not_joined') },
  leave: {
    rule: 'JOIN-8',
    payload: () => undefined,
    rows: {
      ...harmless('not_joined'),
      caller: ['ok', 'ok → callee call_ended, calleeOther call_ended', 'ok → callee call_ended', 'ok'],
      callee: ['ok', 'ok', 'ok → caller call_ended', 'ok'],
    },
  },
  call_user: {
    rule: 'CALL-18',
    payload: ({ callId, peer }) => ({ to: peer, callType: 'video', offer: OFFER, callId }),
    rows: {
      caller: [
        'ok → caller call_status, callee incoming_call, calleeOther incoming_call',
        // the same again
        'ok',
        'ok',
        'ok',
      ],
      callee: [
        'ok → caller incoming_call, callee call_status, callerOther incoming_call',
        'forbidden',
        'forbidden',
        'forbidden',
      ],
      calleeOther: [
        'ok → caller incoming_call, calleeOther call_status, callerOther incoming_call',
        'forbidden',
        'forbidden',
        'forbidden',
      ],
      callerOther: [
        'ok → callee incoming_call, calleeOther incoming_call, callerOther call_status',
        'forbidden',
        'forbidden',
        'forbidden',
      ],
      // who places a call of their own is no outsider to it
      outsider: [
        'ok → callee incoming_call, calleeOther incoming_call, outsider call_status',
        'forbidden',
        'forbidden',
        'forbidden',
      ],
      unjoined: NOT_JOINED,
    },
  },
  accept_call: {
    rule: 'CALL-4',
    payload: ({ callId }) => ({ callId, answer: ANSWER }),
    rows: {
      caller: OTHER_DEVICE,
      callee: ['call_not_found', 'ok → caller call_accepted, calleeOther call_ended', 'ok', 'ok'],
      calleeOther: ['call_not_found', 'ok → caller call_accepted, callee call_ended', 'invalid_state', 'invalid_state'],
      callerOther: OTHER_DEVICE,
      outsider: NOBODY,
      unjoined: NOT_JOINED,
    },
  },
  reject_call: {
    rule: 'CALL-5',
    payload: ({ callId }) => ({ callId }),
    rows: {
      caller: OTHER_DEVICE,
      callee: ['call_not_found', 'ok → caller call_rejected, calleeOther call_ended', 'invalid_state', 'invalid_state'],
      calleeOther: ['call_not_found', 'ok → caller call_rejected, callee call_ended', 'invalid_state', 'invalid_state'],
      callerOther: OTHER_DEVICE,
      outsider: NOBODY,
      unjoined: NOT_JOINED,
    },
  },
  end_call: {
    rule: 'CALL-6',
    payload: ({ callId }) => ({ callId }),
    rows: {
      caller: ['call_not_found', 'ok → callee call_ended, calleeOther call_ended', 'ok → callee call_ended', 'ok'],
      callee: [
        'call_not_found',
        'ok → caller call_rejected, calleeOther call_ended',
        'ok → caller call_ended',
        'invalid_state',
      ],
      calleeOther: ['call_not_found', 'ok → caller call_rejected, callee call_ended', 'invalid_state', 'invalid_state'],
      callerOther: OTHER_DEVICE,
      outsider: NOBODY,
      unjoined: NOT_JOINED,
    },
  },
  ice_candidate: {
    rule: 'CALL-17',
    payload: ({ callId, peer }) => ({ to: peer, callId, candidate: candidate(1) }),
    rows: trickling,
  },
  ice_candidates: {
    rule: 'CALL-17',
    payload: ({ callId }) => ({ callId, candidates: [candidate(1)] }),
    rows: trickling,
  },
  session_description: {
    rule: 'TALK-1',
    payload: ({ callId }) => ({ callId, description: OFFER }),
    rows: talking('session_description'),
  },
  call_info: {
    rule: 'TALK-2',
    payload: ({ callId }) => ({ callId, data: { muted: true } }),
    rows: talking('call_info'),
  },
  call_restore: {
    rule: 'RESUME-9',
    payload: ({ callId, peer, role }) => ({
      callId,
      peer,
      role: role === 'callee' || role === 'calleeOther' ? 'callee' : 'caller',
      callType: 'video',
    }),
    rows: {
      caller: ['ok', 'invalid_state', 'ok', 'call_not_found'],
      callee: ['ok', 'invalid_state', 'ok', 'call_not_found'],
      calleeOther: ['ok', 'invalid_state', 'invalid_state', 'call_not_found'],
      callerOther: ['ok', 'invalid_state', 'invalid_state', 'call_not_found'],
      outsider: ['ok', 'ok', 'ok', 'ok'],
      unjoined: NOT_JOINED,
    },
  },
};

const JOIN_TIMEOUT_MS = 1_000;
/** Of these it matters whom they reach; presence is another matter. */
const PRESENCE = ['join_success', 'users_updated', 'presence_changed', 'presence_state', 'pong', 'disconnect'];

const clock = new FakeClock();
const clients = new Map<Role, LegacyClient>();
let server: TestServer;
let calls = 0;

function identityOf(role: keyof typeof USERS) {
  const id = USERS[role];
  return { id, username: id, token: id, deviceId: role, protocol: 2, presence: 'none' };
}

function clientOf(role: Role): LegacyClient {
  const client = clients.get(role);
  if (client === undefined) throw new Error(`there is no ${role}`);
  return client;
}

async function connected(role: Role): Promise<LegacyClient> {
  const client = await new LegacyClient({ url: server.url, transport: 'websocket', name: role }).connect();
  clients.set(role, client);
  return client;
}

async function settle(): Promise<void> {
  await Promise.all(JOINED.map((role) => clientOf(role).settle()));
}

/** A call at that point; everybody is there, and has heard of it. */
async function callThatIs(state: State): Promise<string> {
  calls += 1;
  const callId = `call-${calls}`;
  if (state !== 'no call') await ask('caller', 'call_user', callId);
  if (state === 'active' || state === 'ended') await ask('callee', 'accept_call', callId);
  if (state === 'ended') await ask('caller', 'end_call', callId);
  await settle();
  for (const client of clients.values()) client.forget();
  return callId;
}

async function ask(role: Role, event: ClientEvent, callId: string) {
  const peer = role === 'callee' || role === 'calleeOther' ? 'alice' : 'bob';
  const payload = MATRIX[event].payload({ callId, role, peer });
  const client = clientOf(role);
  const answer = payload === undefined ? client.ask(event, null) : client.ask(event, payload);
  if (role === 'unjoined') {
    // what needs a session waits for it, until it is too late
    await client.settle();
    await clock.advance(JOIN_TIMEOUT_MS);
  }
  return answer;
}

/** What everybody was sent, in the words of the table. */
function effects(): string {
  const told = ROLES.flatMap((role) =>
    clientOf(role)
      .log.filter(({ event }) => !PRESENCE.includes(event))
      .map(({ event }) => `${role} ${event}`),
  );
  return told.length === 0 ? '' : ` → ${told.join(', ')}`;
}

/** Whoever left is back, and the call is over. */
async function restore(callId: string, role: Role, event: ClientEvent): Promise<void> {
  await server.signaling.endCall(callId);
  if (role === 'unjoined') clientOf(role).close();
  if (event === 'leave' && role !== 'unjoined') await clientOf(role).join(identityOf(role));
}

beforeAll(async () => {
  server = await startTestServer({
    clock,
    auth: { verifyToken: (token) => ({ id: token, username: token }) },
    limits: 'off',
    joinTimeoutMs: JOIN_TIMEOUT_MS,
  });
  for (const role of JOINED) await (await connected(role)).join(identityOf(role));
});

afterAll(async () => {
  for (const client of clients.values()) client.close();
  await server.close();
});

test('[CALL-17] every event that a client may send has its rows', () => {
  expect(Object.keys(MATRIX).sort()).toEqual(Object.keys(clientEventSchemas).sort());
});

test('[CALL-17] [AUTH-2] whoever has no part in a call changes nothing for anybody', () => {
  for (const [event, { rows }] of Object.entries(MATRIX)) {
    for (const role of ['outsider', 'unjoined'] as const) {
      for (const [index, outcome] of rows[role].entries()) {
        const isOwnCall = event === 'call_user' && role === 'outsider' && STATES[index] === 'no call';
        expect([event, role, outcome.includes('→')]).toEqual([event, role, isOwnCall]);
      }
    }
  }
});

describe.each(ROLES)('%s', (role) => {
  const cells = Object.entries(MATRIX).flatMap(([event, { rule, rows }]) =>
    STATES.map((state, index) => [rule, event as ClientEvent, state, rows[role][index]] as const),
  );

  test.each(cells)('[%s] [CALL-20] %s, %s: %s', async (_, event, state, outcome) => {
    if (role === 'unjoined' || !clients.has('unjoined')) await connected('unjoined');
    const callId = await callThatIs(state);
    try {
      const answer = await ask(role, event, callId);
      await settle();
      expect(`${answer.ok ? 'ok' : answer.error.code}${effects()}`).toBe(outcome);
    } finally {
      await restore(callId, role, event);
    }
  });
});
