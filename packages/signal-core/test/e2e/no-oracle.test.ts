import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LegacyClient } from './legacy-client.ts';
import { type RawConnection, rawConnection } from './raw-connection.ts';
import { ANSWER, candidate, OFFER } from './session-descriptions.ts';
import { start, type TestServer } from './start.ts';

/** Mallory sees nobody whose id begins with `hidden`; who is `blue` is in another scope; `nobody` never came. */
const KINDS = ['nobody', 'hidden', 'blue'] as const;
type Kind = (typeof KINDS)[number];
/** What somebody may be doing of whom Mallory is to learn nothing. */
const STATES = ['idle', 'ringing', 'active', 'ended', 'offline'] as const;
type State = (typeof STATES)[number];

const isIn = (kind: Kind, id: string) => id.startsWith(kind);
const userIn = (kind: Kind, state: State) => `${kind}-${state}`;

let server: TestServer;
const others: LegacyClient[] = [];
/** The calls that they have, by the id of the callee. */
const calls = new Map<string, string>();
const asked: string[] = [];

async function joined(id: string): Promise<LegacyClient> {
  const client = await new LegacyClient({ url: server.url, transport: 'websocket', name: id }).connect();
  await client.join({ id, username: id, deviceId: 'phone', protocol: 2, presence: 'none' });
  others.push(client);
  return client;
}

async function inCall(kind: Kind, state: 'ringing' | 'active' | 'ended'): Promise<void> {
  const callee = await joined(userIn(kind, state));
  const caller = await joined(`${kind}-caller-${state}`);
  const placed = await caller.ask('call_user', { to: callee.id, callType: 'video', offer: OFFER });
  if (!placed.ok) throw new Error(`${callee.id} could not be called`);
  const { callId } = placed;
  calls.set(callee.id, callId);
  if (state !== 'ringing') await callee.ask('accept_call', { callId, answer: ANSWER });
  if (state === 'ended') await callee.ask('end_call', { callId });
}

beforeAll(async () => {
  server = await start({
    canSee: (viewer, other) => !viewer.id.startsWith('mallory') || !isIn('hidden', other.id),
    scopeOf: ({ id }) => (isIn('blue', id) ? 'blue' : ''),
    onUnreachable: ({ to }) => {
      asked.push(to.id);
      return !isIn('nobody', to.id);
    },
  });
  for (const kind of ['hidden', 'blue'] as const) {
    await joined(userIn(kind, 'idle'));
    for (const state of ['ringing', 'active', 'ended'] as const) await inCall(kind, state);
    await (await joined(userIn(kind, 'offline'))).ask('leave');
  }
});

afterAll(async () => {
  for (const client of others) client.close();
  await server.close();
});

interface Names {
  user: string;
  call: string;
}

/** What Mallory sends, by what she names: users, calls, or both. */
const ABOUT_USERS: Record<string, (names: Names) => [event: string, payload: object]> = {
  call_user: ({ user }) => ['call_user', { to: user, callType: 'video', offer: OFFER }],
  'call_user under an id': ({ user }) => ['call_user', { to: user, callType: 'audio', offer: OFFER, callId: 'my-own' }],
  ice_candidate: ({ user }) => ['ice_candidate', { to: user, candidate: candidate(1) }],
  call_restore: ({ user }) => [
    'call_restore',
    { callId: 'from-before', peer: user, role: 'caller', callType: 'video' },
  ],
  presence_subscribe: ({ user }) => ['presence_subscribe', { ids: [user] }],
};
/** The answer to each: that they are not there, or that there is something to wait for. */
const ANSWERS: Record<string, RegExp> = {
  call_user: /"user_offline"/,
  'call_user under an id': /"user_offline"/,
  ice_candidate: /^437\[\{"ok":true\}\]$/,
  call_restore: /"waiting"|^$/,
  presence_subscribe: /"users":\[\]|"joined":\[\]/,
};
const ABOUT_CALLS: typeof ABOUT_USERS = {
  accept_call: ({ call }) => ['accept_call', { callId: call, answer: ANSWER }],
  reject_call: ({ call }) => ['reject_call', { callId: call }],
  end_call: ({ call }) => ['end_call', { callId: call }],
  ice_candidate: ({ user, call }) => ['ice_candidate', { to: user, callId: call, candidate: candidate(1) }],
  ice_candidates: ({ call }) => ['ice_candidates', { callId: call, candidates: [candidate(1), null] }],
  session_description: ({ call }) => ['session_description', { callId: call, description: OFFER }],
  call_info: ({ call }) => ['call_info', { callId: call, data: { muted: true } }],
  call_restore: ({ user, call }) => ['call_restore', { callId: call, peer: user, role: 'caller', callType: 'video' }],
};

let connections = 0;

/** A fresh outsider, who has heard nothing yet. */
async function mallory(): Promise<RawConnection> {
  const raw = await rawConnection(server.url, 'websocket');
  onTestFinished(() => raw.close());
  connections += 1;
  const user = { id: `mallory-${connections}`, username: 'Mallory', deviceId: 'm', protocol: 2, presence: 'none' };
  raw.send(`42["join",${JSON.stringify(user)}]`);
  await raw.next('42["join_success"');
  return raw;
}

/** Every frame that came of it, in order, with what was named, and what was made up, left out. */
async function transcript(
  raw: RawConnection,
  [event, payload]: [string, object],
  { user, call }: Names,
  isAcknowledged: boolean,
): Promise<string[]> {
  await raw.settle();
  const before = raw.frames.length;
  raw.send(`42${isAcknowledged ? '7' : ''}${JSON.stringify([event, payload])}`);
  await raw.settle();
  return raw.frames
    .slice(before)
    .filter((frame) => !frame.includes('"pong"') && !/^43\d{7}\[/.test(frame))
    .map((frame) => frame.replaceAll(user, '(user)').replaceAll(call, '(call)'))
    .map((frame) => frame.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(uuid)'));
}

/** What the others, and the host, were told meanwhile: nothing. */
async function expectNothingElse(): Promise<void> {
  for (const client of others) {
    if (!client.id.endsWith('-offline')) await client.settle();
    expect([client.id, client.log.filter(({ taken }) => !taken).map((entry) => entry.event)]).toEqual([client.id, []]);
  }
  expect(asked.filter((id) => !isIn('nobody', id))).toEqual([]);
}

const ways = [
  ['with an acknowledgement', true],
  ['without', false],
] as const;

describe.each(ways)('an outsider who asks %s', (_, isAcknowledged) => {
  beforeAll(async () => {
    for (const client of others) {
      if (!client.id.endsWith('-offline')) await client.settle();
      client.forget();
    }
  });

  test.each(Object.keys(ABOUT_USERS))(
    '[SEE-2] [PRES-11] is told the same of whomever they name, whatever that one does: %s',
    async (name) => {
      const transcripts = new Map<string, string[]>();
      const asking = { nobody: await mallory(), hidden: await mallory(), blue: await mallory() };
      for (const state of STATES) {
        for (const kind of KINDS) {
          const names = { user: userIn(kind, state), call: '(none)' };
          const message = ABOUT_USERS[name]?.(names);
          if (message === undefined) throw new Error(`nothing to say of ${name}`);
          transcripts.set(names.user, await transcript(asking[kind], message, names, isAcknowledged));
        }
      }
      const [first = []] = transcripts.values();
      expect(first.join()).toMatch(isAcknowledged || name !== 'ice_candidate' ? (ANSWERS[name] ?? /^$/) : /^$/);
      for (const [user, frames] of transcripts) expect([user, frames]).toEqual([user, first]);
      await expectNothingElse();
    },
  );

  test.each(Object.keys(ABOUT_CALLS))(
    '[CALL-17] [SEE-2] is told the same of whatever call they name: %s',
    async (name) => {
      const transcripts = new Map<string, string[]>();
      const asking = { nobody: await mallory(), hidden: await mallory(), blue: await mallory() };
      for (const state of ['ringing', 'active', 'ended'] as const) {
        for (const kind of KINDS) {
          const user = userIn(kind, state);
          const names = { user, call: calls.get(user) ?? 'no-such-call' };
          const message = ABOUT_CALLS[name]?.(names);
          if (message === undefined) throw new Error(`nothing to say of ${name}`);
          transcripts.set(user, await transcript(asking[kind], message, names, isAcknowledged));
        }
      }
      const [first = []] = transcripts.values();
      if (name === 'call_restore') expect(first.join()).toMatch(isAcknowledged ? /"waiting"/ : /^$/);
      else expect(first[0]).toContain('"call_not_found"');
      for (const [user, frames] of transcripts) expect([user, frames]).toEqual([user, first]);
      await expectNothingElse();
    },
  );
});

test('[SEE-2] whoever is rung by a user whom they may not see is `busy` to everybody they call', async () => {
  const hidden = await joined('hidden-who-rings');
  const victim = await joined('mallory-who-is-rung');
  await hidden.ask('call_user', { to: victim.id, callType: 'video', offer: OFFER });
  const { callId } = await victim.next('incoming_call');
  const answers = [];
  for (const to of ['nobody', hidden.id]) {
    const answer = await victim.ask('call_user', { to, callType: 'video', offer: OFFER, callId: 'mine' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'busy' } });
    answers.push(answer);
  }
  expect(answers[1]).toEqual(answers[0]);
  // in that call they are known to each other
  await victim.ask('accept_call', { callId, answer: ANSWER });
  await victim.ask('ice_candidate', { to: hidden.id, candidate: candidate(1) });
  await hidden.next('ice_candidate');
});
