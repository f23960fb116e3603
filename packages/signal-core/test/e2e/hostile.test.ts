import { clientEventSchemas, ERROR_CODES } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { callTo, stillTalking, talk } from './call-steps.ts';
import { answersTo, expectServing, joinedRaw } from './hostile-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { rawConnection } from './raw-connection.ts';
import { ANSWER } from './session-descriptions.ts';
import { stage } from './stage.ts';

expectNoProcessFaults();

const EVENTS = Object.keys(clientEventSchemas);
/** What some of these take, having nothing to validate, or nothing that must be there. */
const UNDEMANDING = ['ping', 'leave', 'presence_sync', 'ice_servers'];

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const deepObject = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** The argument lists, as JSON without brackets, that fit no event. */
const NONSENSE: [string, string][] = [
  ['no argument', ''],
  ['null', 'null'],
  ['a number', '7'],
  ['a huge number', '1e999'],
  ['a string', '"x"'],
  ['an empty string', '""'],
  ['an array', '[1,"x",null]'],
  ['true', 'true'],
  ['an empty object', '{}'],
  ['extra arguments', 'null,{},[],"x",7'],
  ['a payload in the second place', 'null,{"id":"a","username":"a","callId":"x","to":"b"}'],
  ['arrays 5,000 deep', deep(5_000)],
  ['objects 5,000 deep', deepObject(5_000)],
  ['__proto__ instead of fields', '{"__proto__":{"id":"a","username":"a","callId":"x","to":"b"}}'],
  ['a field that is an object 5,000 deep', `{"id":${deepObject(5_000)},"callId":${deep(5_000)},"to":${deep(5_000)}}`],
  [
    'objects that are no number and no string, whatever is made of them',
    JSON.stringify(
      Object.fromEntries(
        ['id', 'username', 'protocol', 'presence', 'callId', 'to', 'seq', 'since', 'ids', 'token'].map((field) => [
          field,
          { toString: 1, valueOf: 1 },
        ]),
      ),
    ),
  ],
  [
    'wrong types in every field',
    '{"id":1,"username":[],"to":{},"callType":3,"offer":"v=0","callId":null,"answer":[],"candidate":7}',
  ],
];

describe.each(TRANSPORTS)('nonsense over %s', (transport) => {
  test.each(EVENTS)('[ERR-1] [ERR-4] acknowledged %s: each is answered exactly once', async (event) => {
    const running = await stage(transport);
    const { raw, user } = await joinedRaw(running, transport, 'mallory');
    for (const [index, [what, args]] of NONSENSE.entries()) {
      // A `leave` works whatever its payload is, and what follows would wait for the next join.
      if (event === 'leave') raw.send(`42${JSON.stringify(['join', user])}`);
      raw.send(`42${index}["${event}"${args && `,${args}`}]`);
      await raw.settle();
      const answers = answersTo(raw, index);
      expect([what, answers.length]).toEqual([what, 1]);
      const [reply] = JSON.parse((answers[0] ?? '').slice(`43${index}`.length));
      if (UNDEMANDING.includes(event)) continue;
      expect([what, reply]).toEqual([what, { ok: false, error: expect.objectContaining({ code: 'invalid_payload' }) }]);
    }
    expect(raw.frames.filter((frame) => frame.startsWith('42["signal_error"'))).toEqual([]);
    await expectServing(running);
  });

  test.each(EVENTS)('[ERR-2] [ERR-4] %s without acknowledgement: each is refused by signal_error', async (event) => {
    const running = await stage(transport);
    const { raw } = await joinedRaw(running, transport, 'mallory');
    const errors = () => raw.frames.filter((frame) => frame.startsWith('42["signal_error"'));
    for (const [index, [what, args]] of NONSENSE.entries()) {
      raw.send(`42["${event}"${args && `,${args}`}]`);
      await raw.settle();
      if (UNDEMANDING.includes(event)) continue;
      expect([what, errors().length]).toEqual([what, index + 1]);
    }
    for (const frame of errors()) {
      const [, error] = JSON.parse(frame.slice(2));
      expect(error).toMatchObject({ event, code: 'invalid_payload', message: expect.any(String) });
    }
    await expectServing(running);
  });

  test.each(EVENTS)(
    '[ERR-4] %s before join: each is answered at the latest when the deadline closes',
    async (event) => {
      const running = await stage(transport, { joinTimeoutMs: 400 });
      const raw = await rawConnection(running.url, transport);
      raw.send(...NONSENSE.map(([, args], index) => `42${index}["${event}"${args && `,${args}`}]`));
      await raw.closed;
      for (const [index, [what]] of NONSENSE.entries()) {
        expect([what, answersTo(raw, index).length]).toEqual([what, 1]);
      }
      await expectServing(running);
    },
  );

  test('[ERR-4] objects 5,000 deep in a burst of join and leave are answered as well', async () => {
    const running = await stage(transport, { joinTimeoutMs: 400 });
    const raw = await rawConnection(running.url, transport);
    const join = '42["join",{"id":"mallory","username":"mallory"}]';
    raw.send(join, '42["leave"]', `421["leave",${deepObject(5_000)}]`, `422["leave",${deep(5_000)}]`, '423["leave"]');
    await raw.next('42["join_success"');
    raw.send(join);
    await raw.settle();
    for (const ackId of [1, 2, 3]) expect([ackId, answersTo(raw, ackId).length]).toEqual([ackId, 1]);
    await expectServing(running);
  });

  test('[ERR-1] an acknowledgement in the wrong place: first argument, or after extra ones', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    expect(await alice.refusal('call_user')).toBe('invalid_payload');
    const reply = await alice.ask('call_user', callTo(alice, bob), 'extra', null, { more: true });
    expect(reply).toMatchObject({ ok: true, status: 'ringing' });
    await bob.next('incoming_call');
    await bob.quiet('incoming_call');
  });

  test('[ERR-7] unknown keys, also deep and poisonous ones, are ignored and never forwarded', async () => {
    const running = await stage(transport);
    const { raw, user } = await joinedRaw(running, transport, 'mallory');
    const bob = await running.join('bob');
    const poison = `"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toJSON":1,"x":${deep(5_000)}`;
    const offer = `{${poison},"type":"offer","sdp":"v=0"}`;
    raw.send(
      `421["call_user",{${poison},"to":"${bob.id}","from":{${poison},"id":"${user.id}"},"callType":"video","offer":${offer}}]`,
    );
    const incoming = await bob.next('incoming_call');
    expect(incoming).toEqual({
      callId: incoming.callId,
      from: { id: user.id, username: 'mallory' },
      callType: 'video',
      offer: { type: 'offer', sdp: 'v=0' },
    });
    expect(Object.keys(incoming).sort()).toEqual(['callId', 'callType', 'from', 'offer']);
    await bob.ask('accept_call', { callId: incoming.callId, answer: ANSWER });
    raw.send(`422["ice_candidate",{${poison},"to":"${bob.id}","candidate":{${poison},"candidate":"candidate:1"}}]`);
    const { candidate: got } = await bob.next('ice_candidate');
    expect(JSON.stringify(got)).toBe('{"candidate":"candidate:1"}');
    await raw.settle();
    expect(JSON.parse((await raw.next('431')).slice(3))).toMatchObject([{ ok: true, status: 'ringing' }]);
    expect(JSON.parse((await raw.next('432')).slice(3))).toEqual([{ ok: true }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('[ERR-4] names of Object.prototype are ids like any other', async () => {
    const { connect } = await stage(transport);
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const clients: LegacyClient[] = [];
    for (const id of names) {
      const client = await connect(id);
      await client.join({ id, username: id });
      clients.push(client);
    }
    const [a, b, c] = clients as [LegacyClient, LegacyClient, LegacyClient];
    const callId = await talk(a, b, { callId: '__proto__' });
    expect(callId).toBe('__proto__');
    await stillTalking(a, b, callId);
    expect(await c.refusal('end_call', { callId: 'constructor' })).toBe('call_not_found');
    expect(await c.refusal('call_user', callTo(c, { id: 'valueOf' }))).toBe('user_offline');
  });

  test.each(['no_such_event', 'error', '__proto__', 'constructor', 'toString', '', 'message', 'join_success'])(
    '[ERR-2] [ERR-4] the unknown event “%s” is refused',
    async (event) => {
      const running = await stage(transport);
      const { raw } = await joinedRaw(running, transport, 'mallory');
      raw.send(`42${JSON.stringify([event, {}])}`, `427${JSON.stringify([event, {}])}`);
      const [, error] = JSON.parse((await raw.next('42["signal_error"')).slice(2));
      expect(error).toMatchObject({ event, code: 'invalid_payload' });
      expect(JSON.parse((await raw.next('437')).slice(3))).toMatchObject([
        { ok: false, error: { code: 'invalid_payload' } },
      ]);
      await expectServing(running);
    },
  );

  test.each(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])(
    '[ERR-4] the reserved event “%s” is refused, or closes the connection',
    async (event) => {
      const running = await stage(transport);
      const { raw } = await joinedRaw(running, transport, 'mallory');
      raw.send(`42${JSON.stringify([event, 'x'])}`);
      await Promise.race([raw.next('42["signal_error"'), raw.closed]);
      await expectServing(running);
    },
  );

  test('[ERR-3] every code that hostile input draws is of the closed list', async () => {
    const running = await stage(transport, { limits: 'off' });
    const { raw } = await joinedRaw(running, transport, 'mallory');
    for (const event of [...EVENTS, 'unknown', 'error']) {
      for (const [, args] of NONSENSE) raw.send(`42["${event}"${args && `,${args}`}]`);
    }
    await raw.settle();
    const errors = raw.frames.filter((frame) => frame.startsWith('42["signal_error"'));
    expect(errors.length).toBeGreaterThan(50);
    for (const frame of errors) expect(ERROR_CODES).toContain(JSON.parse(frame.slice(2))[1].code);
  });
});
