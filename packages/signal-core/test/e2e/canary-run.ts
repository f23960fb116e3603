import { ScriptedClient } from 'signal-core/testing';
import { expect, onTestFinished } from 'vitest';
import { callTo } from './call-steps.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';

/** What must never be told; the name says what it is, should it turn up. */
export const CANARIES = {
  password: 'canary-password-right-7e1f',
  wrongPassword: 'canary-password-wrong-40b2',
  badToken: 'canary.bad.token-9c33',
  urlToken: 'canary-token-in-a-url-d0d0',
  signingSecret: 'canary-signing-secret-of-32-bytes-and-more',
  turnSecret: 'canary-turn-secret-51ac',
  metricsToken: 'canary-metrics-token-88aa',
  icePassword: 'canaryIcePwd0123456789ab',
  iceUfrag: 'canaryUfrag77',
  candidate: 'canary-candidate-5b1d.local',
  metadata: 'canary-metadata-f00d',
} as const;

/** A run from login to hang-up, by right and wrong ways; what it was told. */
export interface CanaryRun {
  /** The canaries, and those that the server made: tokens, TURN credentials. */
  secrets: Record<string, string>;
  /** Bodies of errors, refusals, and what anybody may read. */
  told: string[];
}

const withIce = (sdp: string) =>
  sdp
    .replace(/a=ice-ufrag:.*/, `a=ice-ufrag:${CANARIES.iceUfrag}`)
    .replace(/a=ice-pwd:.*/, `a=ice-pwd:${CANARIES.icePassword}`);
const offer = { ...OFFER, sdp: withIce(OFFER.sdp) };
const answer = { ...ANSWER, sdp: withIce(ANSWER.sdp) };
const candidate = {
  candidate: `candidate:1 1 udp 1 ${CANARIES.candidate} 9 typ host ufrag ${CANARIES.iceUfrag}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: CANARIES.iceUfrag,
};

/**
 * @param url - of a server in `passwords` with the canaries as its secrets, where the users alice and bob have the
 * password of that name, with `turn` and `metrics`, and without limits
 */
export async function canaryRun(url: string): Promise<CanaryRun> {
  const told: string[] = [];
  const tokens = await login(url, told);
  const credential = await call(url, tokens, told);
  await read(url, tokens, told);
  return { secrets: { ...CANARIES, ...tokens, credential }, told };
}

async function login(url: string, told: string[]) {
  const post = async (body: string, type = 'application/json') => {
    const response = await fetch(`${url}/api/login`, { method: 'POST', headers: { 'content-type': type }, body });
    const text = await response.text();
    if (!response.ok) told.push(text);
    return { status: response.status, text };
  };
  const tokenOf = async (username: string): Promise<string> => {
    const { text } = await post(JSON.stringify({ username, password: CANARIES.password }));
    return JSON.parse(text).token;
  };
  const refused = [
    await post(JSON.stringify({ username: 'alice', password: CANARIES.wrongPassword })),
    await post(JSON.stringify({ username: 'nobody', password: CANARIES.wrongPassword })),
    await post(JSON.stringify({ username: 'alice\n', password: CANARIES.password })),
    await post(JSON.stringify({ username: 7, password: CANARIES.password })),
    await post(`{"username":"alice","password":"${CANARIES.password}`),
    await post(`username=alice&password=${CANARIES.password}`, 'application/x-www-form-urlencoded'),
    await post(JSON.stringify({ username: 'alice', password: CANARIES.password.repeat(1_000) })),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 400, 400, 400, 400, 413]);
  return { aliceToken: await tokenOf('alice'), bobToken: await tokenOf('bob'), spareToken: await tokenOf('alice') };
}

interface Tokens {
  aliceToken: string;
  bobToken: string;
  /** Another of alice's. */
  spareToken: string;
}

/** @returns a TURN credential */
async function call(url: string, { aliceToken, bobToken, spareToken }: Tokens, told: string[]): Promise<string> {
  const connect = async (name: string, auth?: Record<string, unknown>) => {
    const client = new ScriptedClient({ url, transport: 'websocket', name, ...(auth && { auth }) });
    onTestFinished(() => client.close());
    return client.connect();
  };
  const refusal = async (client: ScriptedClient, event: string, payload: unknown) => {
    const reply = await client.ask(event, payload);
    expect([event, reply.ok]).toEqual([event, false]);
    told.push(JSON.stringify(reply));
    // without acknowledgement as well
    client.send(event, payload);
    told.push(JSON.stringify(await client.next('signal_error')));
  };
  for (const token of [CANARIES.badToken, `${aliceToken}x`]) {
    const failure = await connect('mallory', { token }).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    told.push(`${failure} ${JSON.stringify(Object(failure).data)}`);
  }
  const userIn = (token: string) => String(JSON.parse(atob(token.split('.')[1] ?? '')).sub);
  const as = (username: string, token: string) => ({ id: userIn(token), username, token, protocol: 2 });

  const bob = await connect('bob', { token: bobToken });
  await refusal(bob, 'join', { ...as('bob', bobToken), token: CANARIES.badToken });
  await bob.join(as('bob', bobToken));
  const alice = await connect('alice');
  await refusal(alice, 'join', { ...as('alice', aliceToken), token: CANARIES.badToken });
  const joined = await alice.join(as('alice', aliceToken));
  const credential = joined.iceServers.find((server) => server.credential !== undefined)?.credential ?? '';
  expect(credential).not.toBe('');

  const metadata = { note: CANARIES.metadata };
  await refusal(alice, 'call_user', callTo(alice, bob, { offer: { ...offer, sdp: `x${offer.sdp}` }, metadata }));
  await refusal(alice, 'call_user', callTo(alice, { id: 'forbidden' }, { offer, metadata }));
  alice.send('call_user', callTo(alice, bob, { offer, metadata, callId: 'canary-call' }));
  const { callId } = await bob.next('incoming_call');
  await bob.ask('accept_call', { callId, answer });
  await alice.next('call_accepted');
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    await one.ask('ice_candidate', { to: other.id, callId, candidate });
    await one.ask('session_description', { callId, description: one === alice ? offer : answer });
    await one.ask('call_info', { callId, data: { canary: CANARIES.metadata } });
    await refusal(one, 'ice_candidate', {
      to: other.id,
      callId,
      candidate: { ...candidate, candidate: candidate.candidate.slice(1) },
    });
    await refusal(one, 'ice_candidates', {
      callId,
      candidates: [{ ...candidate, sdpMid: CANARIES.icePassword.repeat(9) }],
    });
    await refusal(one, 'session_description', { callId, description: { ...offer, sdp: `${offer.sdp}\0` } });
    await refusal(one, 'session_description', { callId: 'another', description: offer });
    await refusal(one, 'accept_call', { callId, answer: offer });
    await refusal(one, 'unheard_of', { password: CANARIES.password, offer });
    await refusal(one, 'auth_refresh', { token: CANARIES.badToken });
    await refusal(one, 'auth_refresh', { token: one === alice ? bobToken : spareToken });
    await refusal(one, 'auth_refresh', { token: { value: CANARIES.badToken } });
  }
  expect((await alice.ask('auth_refresh', { token: spareToken })).ok).toBe(true);
  expect((await alice.ask('ice_servers', null)).ok).toBe(true);
  await bob.cutWire();
  await alice.next('call_status', ({ status }) => status === 'peer_reconnecting');
  await bob.comeBack();
  await alice.ask('end_call', { callId });
  return credential;
}

async function read(url: string, { aliceToken }: Tokens, told: string[]): Promise<void> {
  const get = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}`, cookie: `session=${token}` };
    const response = await fetch(`${url}${path}`, { headers });
    told.push(`${path.split('?')[0]}: ${await response.text()}`);
    return response.status;
  };
  expect([
    await get('/metrics', CANARIES.metricsToken),
    await get('/metrics', aliceToken),
    await get('/metrics', CANARIES.badToken),
    await get('/health', aliceToken),
    await get('/health', CANARIES.badToken),
    await get('/api/users', aliceToken),
    await get('/api/users', CANARIES.badToken),
    await get('/api/online-users', `${aliceToken}x`),
    await get('/api/ice-servers', CANARIES.badToken),
    await get(`/api/users?token=${CANARIES.urlToken}&access_token=${aliceToken}`),
    await get(`/socket.io/?EIO=4&transport=none&token=${CANARIES.urlToken}`),
  ]).toEqual([200, 401, 401, 200, 200, 200, 401, 401, 401, 401, 400]);
  told.push(await (await fetch(`${url}/nowhere?token=${CANARIES.urlToken}`)).text());
}

/** Which secrets turn up in texts, as they are or encoded. */
export function leaks(secrets: Record<string, string>, texts: readonly string[]): string[] {
  const forms = (secret: string) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const where = texts.find((text) => forms(secret).some((form) => text.includes(form)));
    return where === undefined ? [] : [`${name} in: ${where.slice(0, 500)}`];
  });
}
