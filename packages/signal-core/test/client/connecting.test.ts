import { ConnectFailure, SignalingClient, SignalingError, type Traffic } from 'signal-core/client';
import { expect, it } from 'vitest';
import { talk } from './call-steps.ts';
import { next, reaches } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

const ALICE = { id: 'a', username: 'alice' };

/** The error that `connect` must reject with. */
async function refusalOf(client: SignalingClient): Promise<SignalingError> {
  const error: unknown = await client.connect().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SignalingError)) throw new Error(`no SignalingError but ${error}`);
  return error;
}

it('[CLIENT-1] another path than the server has is an error that says so, and connect() may be tried again', async () => {
  const { url } = await stage();
  const client = new SignalingClient({ url, user: ALICE, path: '/elsewhere' });
  const error = await refusalOf(client);
  expect(error.code).toBe('unavailable');
  expect(error.cause).toBeInstanceOf(ConnectFailure);
  expect((error.cause as ConnectFailure).status).toBe(404);
  expect(client.state).toBe('idle');
  expect((await refusalOf(client)).code).toBe('unavailable');
});

it('[CLIENT-1] where nobody listens, the error holds why', async () => {
  const { url, close } = await stage();
  await close();
  const error = await refusalOf(new SignalingClient({ url, user: ALICE, transports: ['polling'] }));
  expect(error.code).toBe('unavailable');
  expect(error.message).toContain(url);
  expect(error.message).toContain('ECONNREFUSED');
});

it('[CLIENT-1] a server that does not answer in time is an error', async () => {
  const url = await scriptedServer({ onJoin: () => {} });
  const error = await refusalOf(new SignalingClient({ url, user: ALICE, connectTimeoutMs: 200 }));
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('200 ms') });
});

it('[CLIENT-1] what the server refuses a join for is the error', async () => {
  const { url } = await stage();
  const error = await refusalOf(new SignalingClient({ url, user: { id: 'with blank', username: 'alice' } }));
  expect(error).toMatchObject({ code: 'invalid_payload', message: expect.stringContaining('id') });
});

it('[CLIENT-1] what the server refuses a handshake for is the error', async () => {
  const url = await scriptedServer({
    admit: () => {
      throw Object.assign(new Error('log in again'), { data: { code: 'token_expired' } });
    },
  });
  const error = await refusalOf(new SignalingClient({ url, user: ALICE }));
  expect(error).toMatchObject({ code: 'token_expired', message: 'log in again' });
});

it('[CLIENT-1] the token travels in the handshake, and is asked for at every attempt', async () => {
  const seen: unknown[] = [];
  const url = await scriptedServer({ admit: ({ handshake }) => seen.push([handshake.auth, handshake.url]) });
  let count = 0;
  const token = async () => `token-${++count}`;
  const { join } = guestsOf(url);
  const { client, proxy } = await join('alice', { token });
  proxy.cut();
  await reaches(client, 'reconnecting');
  await reaches(client, 'joined');
  expect(seen.map((entry) => (entry as unknown[])[0])).toEqual([{ token: 'token-1' }, { token: 'token-2' }]);
  expect(JSON.stringify(seen.map((entry) => (entry as unknown[])[1]))).not.toContain('token-');
});

it('[CLIENT-1] a token that cannot be had is an error', async () => {
  const { url } = await stage();
  const fault = new Error('no session');
  const error = await refusalOf(new SignalingClient({ url, user: ALICE, token: () => Promise.reject(fault) }));
  expect(error).toMatchObject({ code: 'unavailable', cause: fault });
});

it('[CLIENT-1] a URL that is none is a TypeError at construction', () => {
  expect(() => new SignalingClient({ url: 'signal.example', user: ALICE })).toThrow(TypeError);
});

it('[CLIENT-1] what is not acknowledged in time is refused', async () => {
  const url = await scriptedServer({});
  const { join } = guestsOf(url);
  const { client } = await join('alice', { ackTimeoutMs: 100 });
  const call = client.call('b', { offer: { type: 'offer', sdp: 'v=0' }, callType: 'audio' });
  await expect(call).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('call_user') });
  await expect(client.ping()).rejects.toMatchObject({ code: 'unavailable' });
});

it('[CLIENT-1] a refusal says how long to wait', async () => {
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('call_user', (_payload, refuse) =>
        refuse({ ok: false, error: { code: 'rate_limited', message: 'slowly', retryAfterMs: 700 } }),
      );
      answer(JOINED);
    },
  });
  const { client } = await guestsOf(url).join('alice');
  const call = client.call('b', { offer: { type: 'offer', sdp: 'v=0' }, callType: 'audio' });
  await expect(call).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 700 });
});

it('[CLIENT-2] the traffic is seen in the order of the wire, acknowledgements too', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice', { presence: 'none' }), await join('bob', { presence: 'none' })];
  const { placed } = await talk(alice, bob);
  const ended = next(placed, 'ended');
  await placed.end();
  await ended;
  const line = ({ direction, event, request }: Traffic) =>
    `${direction} ${event}${request === undefined ? '' : ` of ${Object(request).callId ?? Object(request).id}`}`;
  expect(alice.wire.map(line)).toEqual([
    'sent join',
    `ack join of ${alice.id}`,
    'sent call_user',
    'received call_status',
    `ack call_user of ${placed.id}`,
    'received call_accepted',
    'sent end_call',
    `ack end_call of ${placed.id}`,
  ]);
});
