import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Identity, TokenAuth } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { closed, verdict } from './authenticators.ts';

const TOKEN = 'a-token-that-must-not-be-logged';
const request = new IncomingMessage(new Socket());
const ann: Identity = { id: 'ann', username: 'Ann' };

/** What is wrong with an identity may come from JavaScript. */
const wrongly = (value: unknown) => value as Identity | null;

type Ask = (host: () => Promise<Identity | null>) => ReturnType<typeof asked>;

function asked(auth: TokenAuth, credentials: typeof TOKEN | IncomingMessage) {
  const bench = closed(auth);
  const { authenticator } = bench;
  const ask = () =>
    typeof credentials === 'string' ? authenticator.verify(credentials) : authenticator.identify(credentials);
  return { ...bench, verdict: () => verdict(ask()) };
}

const WAYS: [name: string, ask: Ask, nobody: string][] = [
  ['verifyToken', (host) => asked({ verifyToken: host }, TOKEN), 'unauthorized'],
  ['authenticate', (host) => asked({ authenticate: host }, request), 'nobody'],
];

describe.each(WAYS)('%s', (name, ask, nobody) => {
  test('[AUTH-5] says who it is, and no more than an identity', async () => {
    const full = { ...ann, scope: 'acme', issuedAt: 5, jti: 'j', expiresAt: Date.UTC(2031, 0, 1) };
    expect(await ask(async () => ({ ...full, isAdmin: true })).verdict()).toEqual(full);
    expect(await ask(async () => wrongly({ ...ann, scope: undefined })).verdict()).toEqual(ann);
  });

  test('[AUTH-5] null is nobody, in silence', async () => {
    for (const no of [null, undefined]) {
      const { verdict: judge, log } = ask(async () => wrongly(no));
      expect(await judge()).toBe(nobody);
      expect(log.all).toEqual([]);
    }
  });

  test.each([
    ['no object', 'ann'],
    ['true', true],
    ['without id', { username: 'Ann' }],
    ['without name', { id: 'ann' }],
    ['with a space in the id', { id: 'a nn', username: 'Ann' }],
    ['with an id of 129 characters', { id: 'x'.repeat(129), username: 'Ann' }],
    ['with a blank name', { id: 'ann', username: ' ' }],
    ['with a scope that is no string', { ...ann, scope: 7 }],
    ['with a date for a time', { ...ann, expiresAt: new Date() }],
    ['with a time that is no number', { ...ann, expiresAt: Number.NaN }],
    ['with a text for a time', { ...ann, issuedAt: '5' }],
    ['with a jti that is no string', { ...ann, jti: 5 }],
  ])('[AUTH-5] what is no identity is nobody, and logged by what is wrong: %s', async (_, wrong) => {
    const { verdict: judge, log } = ask(async () => wrongly(wrong));
    expect(await judge()).toBe(nobody);
    expect(log.all).toHaveLength(1);
    expect(log.all[0]).toContain(name);
    expect(log.all.join()).not.toMatch(/Ann|x{9}/);
  });

  test('[AUTH-5] one that throws is unavailable; the log says where, and holds no token', async () => {
    const errors = [new Error(`bad ${TOKEN}\n    at ${TOKEN}`), Object.assign(new TypeError('x'), { TOKEN }), TOKEN];
    for (const error of errors) {
      const { verdict: judge, log } = ask(() => {
        throw error;
      });
      expect(await judge()).toBe('unavailable');
      expect(log.all).toHaveLength(1);
      expect(log.all.join()).not.toContain(TOKEN);
      if (error instanceof Error) expect(log.all.join()).toContain('token-auth.test');
    }
    expect(await ask(() => Promise.reject(new Error('no database'))).verdict()).toBe('unavailable');
  });

  test('[AUTH-5] one that throws what cannot be told is unavailable, and is logged', async () => {
    const trap = new Error('x');
    Object.defineProperty(trap, 'stack', {
      get() {
        throw new Error(TOKEN);
      },
    });
    const errors = [
      Object.assign(new Error('x'), { stack: null }),
      Object.assign(new Error('x'), { message: Symbol('x') }),
      Object.assign(new Error('x'), { message: Object.create(null) }),
      trap,
    ];
    for (const error of errors) {
      const { verdict: judge, log } = ask(() => Promise.reject(error));
      expect(await judge()).toBe('unavailable');
      expect(log.all).toHaveLength(1);
    }
  });

  test('[AUTH-5] one that does not answer in 2 s is unavailable', async () => {
    const { verdict: judge, clock } = ask(() => new Promise(() => {}));
    let answer: unknown;
    void judge().then((value) => {
      answer = value;
    });
    await clock.advance(1_999);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toBe('unavailable');
    expect(clock.pending).toBe(0);
  });

  test('[AUTH-4] what has lapsed by the host’s own word is token_expired', async () => {
    const { verdict: judge, clock } = ask(async () => ({ ...ann, expiresAt: Date.UTC(2030, 0, 1, 0, 1) }));
    expect(await judge()).toMatchObject(ann);
    await clock.advance(60_000);
    expect(await judge()).toBe('token_expired');
  });
});

test('[AUTH-2] a token counts for nothing where the host reads requests only, and the other way round', async () => {
  const byRequest = closed({ authenticate: () => ann }).authenticator;
  expect(await verdict(byRequest.verify(TOKEN))).toBe('unauthorized');
  const byToken = closed({ verifyToken: () => ann }).authenticator;
  expect(await verdict(byToken.identify(request))).toBe('nobody');
});

test('[AUTH-5] the functions are called on the object that holds them', async () => {
  class Host {
    readonly #known = TOKEN;
    verifyToken(token: string) {
      return token === this.#known ? ann : null;
    }
  }
  expect(await closed(new Host()).authenticator.verify(TOKEN)).toEqual(ann);
});
