import { describe, expect, test } from 'vitest';
import { answer, ring } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { candidate, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';
import { talked } from './talk-steps.ts';

const EVENTS = ['ice_candidate', 'ice_candidates', 'session_description', 'call_info'] as const;
type Answer = 'ok' | 'invalid_state' | 'call_not_found';
type Role = 'caller' | 'callee' | "callee's other device" | "caller's other device" | 'outsider';

const [FINE, STATE, NONE] = ['ok', 'invalid_state', 'call_not_found'] as const;

/** What is said to whom: while it rings, in the active call, once it has ended, and for an id that never was. */
const CANDIDATES: Record<Role, [Answer, Answer, Answer, Answer]> = {
  caller: [FINE, FINE, STATE, NONE],
  callee: [FINE, FINE, STATE, NONE],
  "callee's other device": [FINE, STATE, STATE, NONE],
  "caller's other device": [STATE, STATE, STATE, NONE],
  outsider: [NONE, NONE, NONE, NONE],
};
const TALK: typeof CANDIDATES = {
  ...CANDIDATES,
  caller: [STATE, FINE, STATE, NONE],
  callee: [STATE, FINE, STATE, NONE],
  "callee's other device": [STATE, STATE, STATE, NONE],
};

const ROWS = EVENTS.flatMap((event) =>
  Object.entries(event.startsWith('ice_') ? CANDIDATES : TALK).map(
    // the keys are those of the table
    ([role, answers]) => [event, role as Role, answers] as const,
  ),
);

function payload(event: (typeof EVENTS)[number], callId: string, to: string) {
  switch (event) {
    case 'ice_candidate':
      return { callId, to, candidate: candidate(1) };
    case 'ice_candidates':
      return { callId, candidates: [candidate(1)] };
    case 'session_description':
      return { callId, description: OFFER };
    case 'call_info':
      return { callId, data: 'hello' };
  }
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  test.each(ROWS)('[TALK-3] [ICE-9] [CALL-17] %s from the %s', async (event, role, answers) => {
    const { join } = await stage(transport);
    const [alice, watch, carol] = [await join('alice'), await join('alice'), await join('carol')];
    const [phone, tablet] = [await join('bob'), await join('bob')];
    const device: Record<Role, LegacyClient> = {
      caller: alice,
      callee: phone,
      "callee's other device": tablet,
      "caller's other device": watch,
      outsider: carol,
    };
    const sender = device[role];
    const to = sender.id === alice.id ? phone.id : alice.id;
    const said = async (id: string): Promise<string> => {
      const reply = await sender.ask(event, payload(event, id, to));
      if (!reply.ok) expect(reply.error.callId).toBe(id);
      return reply.ok ? 'ok' : reply.error.code;
    };

    const callId = await ring(alice, phone);
    await tablet.next('incoming_call');
    const ringing = await said(callId);
    for (const client of [alice, watch, phone, tablet, carol]) expect(await talked(client)).toEqual([]);
    await answer(phone, alice, callId);
    await tablet.next('call_ended');
    const active = await said(callId);
    // what the tablet sent while it rang is dropped: it has lost
    const arrived = [ringing, active].filter((each) => each === 'ok' && sender !== tablet).length;
    expect(await talked(role === 'caller' ? phone : alice, sender)).toHaveLength(arrived);
    for (const client of [watch, tablet, carol]) expect(await talked(client)).toEqual([]);
    await alice.ask('end_call', { callId });
    expect([ringing, active, await said(callId), await said('never-was')]).toEqual(answers);
  });

  test.each(EVENTS)('[ERR-2] [TALK-3] without acknowledgement a refused %s is told', async (event) => {
    const { join } = await stage(transport);
    const alice = await join('alice');
    alice.send(event, payload(event, 'never-was', 'bob'));
    expect(await alice.next('signal_error')).toEqual({
      event,
      code: 'call_not_found',
      message: 'no such call',
      callId: 'never-was',
    });
  });
});

test.each(EVENTS)('[ERR-2] %s before join is held, and refused when no join comes', async (event) => {
  const { connect } = await stage('websocket', { joinTimeoutMs: 200 });
  const nobody = await connect('nobody');
  expect(await nobody.refusal(event, payload(event, 'c1', 'bob'))).toBe('not_joined');
});
