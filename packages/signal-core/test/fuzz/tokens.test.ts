import { expect, onTestFinished, test } from 'vitest';
import { Dice } from './dice.ts';
import { overWebSocket } from './fuzz-connection.ts';
import { atATime, exchange } from './raw-exchange.ts';
import { fuzzSeed, inputs } from './scale.ts';
import { startServerProcess } from './server-process.ts';
import { goodToken, tokenMutant } from './token-mutants.ts';
import { trial } from './trial.ts';

/** As the issuer would give it, or as this server gives it to who knows the password. */
const GOOD_TOKENS = {
  jwt: async (_url: string, name: string) => goodToken(name),
  passwords: async (url: string, username: string) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username, password: 'right' });
    const response = await fetch(`${url}/api/login`, { method: 'POST', headers, body });
    return ((await response.json()) as { token: string }).token;
  },
};

const event = (name: string, payload: unknown, ackId = '') => `42${ackId}${JSON.stringify([name, payload])}`;
const isRefusal = (answer: string) =>
  /^\[\{"ok":false,"error":\{"code":"(unauthorized|token_expired|invalid_payload|payload_too_large)"/.test(answer);

test.each(['passwords', 'jwt'] as const)(
  '[AUTH-2] [AUTH-3] [AUTH-4] [AUTH-6] no token mutant lets anybody in: %s',
  async (auth) => {
    const dice = new Dice(fuzzSeed(`tokens, ${auth}`));
    const server = await startServerProcess({ limits: 'off' }, auth);
    onTestFinished(() => server.stop());
    const { url, port } = server;
    const good = async (name: string) => GOOD_TOKENS[auth](url, name);
    const pair = [await good('victim'), await good('other')] as const;
    const honest = Object.fromEntries(
      await Promise.all(
        ['alice', 'bob', 'carol-7f3a5c0e', 'dave', 'erin'].map(async (name) => [name, await good(name)]),
      ),
    );
    const accepted: string[] = [];
    const mutant = () => tokenMutant(pair, dice);
    const claim = (token: unknown) => ({
      id: 'victim',
      username: 'victim',
      deviceId: 'x',
      protocol: 2,
      presence: 'none',
      token,
    });

    const handshake = async () => {
      const token = mutant();
      let first = '';
      const connection = await overWebSocket(url, [`40${JSON.stringify({ token })}`], (packet) => {
        if (/^4[04]/.test(packet)) first ||= packet;
      });
      connection.close();
      // one too large is not even answered
      if (first.startsWith('40')) accepted.push(`handshake: ${token} → ${first}`);
    };
    const inEvents = async (name: 'join' | 'auth_refresh', greeting: string[], payload: (token: string) => object) => {
      const tokens = Array.from({ length: 50 }, mutant);
      let answers = 0;
      const connection = await overWebSocket(url, greeting, (packet) => {
        const [, ackId, answer = ''] = /^43(\d{1,3})(\[.*)$/.exec(packet) ?? [];
        if (ackId === undefined) return;
        answers += 1;
        if (!isRefusal(answer)) accepted.push(`${name}: ${tokens[Number(ackId)]} → ${answer}`);
      });
      await connection.send(
        tokens.map((token, n) => event(name, payload(token), String(n))),
        50,
      );
      expect([name, answers]).toEqual([name, tokens.length]);
      connection.close();
    };
    const bearer = async () => {
      const token = mutant().replace(/[\r\n\0]/g, '~');
      const request = `GET /api/users HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;
      const answer = await exchange(port, Buffer.from(request, 'latin1'), { how: 'close', silenceMs: 10_000 });
      if (!/^HTTP\/1\.1 4/.test(answer)) accepted.push(`bearer: ${token} → ${answer.slice(0, 200)}`);
    };

    await trial(server, {
      count: inputs(5_000),
      credentials: (name) => ({ token: honest[name] }),
      attack: async (count) => {
        await atATime(32, count * 0.3, handshake);
        await atATime(4, (count * 0.4) / 50, () => inEvents('join', ['40'], claim));
        await atATime(1, (count * 0.1) / 50, () =>
          inEvents('auth_refresh', ['40', event('join', claim(pair[0]))], (token) => ({ token })),
        );
        await atATime(32, count * 0.2, bearer);
      },
    });
    expect(accepted.slice(0, 5)).toEqual([]);
  },
  240_000,
);
