import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { LIMIT_PROFILES, type LimitOptions } from '../../src/limits.ts';
import { DEFAULT_OPTIONS, type SignalingServerOptions } from '../../src/options.ts';
import { resolveOptions } from '../../src/resolve-options.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const MAX_MS = 2 ** 31 - 1;

const noTime = [0, -1, 1.5, MAX_MS + 1, '60000', null, true, [5], {}, Number.NaN];
const noHook = [true, 'allow', null, {}];

/** What cannot be written as JSON can still be wrong. */
const circular: { self?: unknown } = {};
circular.self = circular;

/** Values that an option does not take. */
const WRONG: { [Name in keyof SignalingServerOptions]-?: unknown[] } = {
  auth: [
    undefined,
    'Open',
    '',
    null,
    true,
    { verifyToken: 1 },
    { verifyToken: () => null, authenticate: true },
    { jwt: {} },
    { passwords: null },
    () => true,
  ],
  path: ['', 'socket.io', '/', '/socket.io/', '/a//b', '/a?b', '/a b', 7, null, ['/socket.io']],
  origins: [
    'https://app.example',
    ['*'],
    ['https://app.example/'],
    ['https://app.example/page'],
    ['app.example'],
    ['https://APP.example'],
    ['https://ok.example', 7],
    ['null'],
    null,
    true,
  ],
  ringTimeoutMs: [...noTime, Number.POSITIVE_INFINITY, 10n],
  graceMs: noTime,
  ringingGraceMs: noTime,
  presenceGraceMs: noTime,
  maxCallMs: noTime,
  joinTimeoutMs: noTime,
  maxCallsPerUser: [0, 1_001, 0.5, '1', Number.NaN],
  presenceBudgetBytesPerSecond: [0, -5, 1e300, '20 MB'],
  authorizeCall: noHook,
  onUnreachable: noHook,
  scopeOf: noHook,
  limits: [
    'none',
    null,
    7,
    [],
    () => true,
    { profile: 'strict' },
    { profile: null },
    { eventsPerSecond: 0 },
    { eventBurst: '60' },
    { waitingMs: Number.NaN },
  ],
  trustProxy: [-1, 0.5, true, '10.0.0.0/8', ['10.0.0.0/33'], ['proxy.example'], [7]],
  iceServers: [
    { urls: 'stun:stun.example' },
    [{}],
    [{ urls: [] }],
    [{ urls: 'http://turn.example' }],
    [null],
    Array(1),
  ],
  turn: [
    {},
    { urls: ['turn:turn.example'] },
    { urls: [], secret: 's' },
    { urls: ['turn:turn.example'], secret: '' },
    { urls: ['turn:turn.example'], secret: 's', ttlSeconds: 59 },
  ],
  icePolicy: ['relay', 'none', true, null],
  metrics: ['yes', 1, null, { token: '' }, { token: 7 }, { registry: null }, { registry: { metrics() {} } }],
  canSee: noHook,
  logger: [
    null,
    'info',
    {},
    { debug() {}, info() {}, warn() {} },
    { debug() {}, info() {}, warn() {}, error: 1 },
    circular,
  ],
};

function refusal(resolve: () => unknown): TypeError {
  try {
    resolve();
  } catch (error) {
    if (error instanceof TypeError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

/** A part of every way to write the value down. */
function essence(value: unknown): string {
  const isPlain = typeof value !== 'function' && (typeof value !== 'object' || value === null);
  return isPlain ? String(value) : '';
}

/** An options object with one wrong value in it: as JavaScript may pass it. */
const wrongly = (name: string, value: unknown) =>
  ({ auth: 'open', [name]: value }) as unknown as SignalingServerOptions;

describe.each(Object.entries(WRONG))("option '%s'", (name, values) => {
  for (const value of values) {
    test(`[HOST-7] is refused, by name and value, when it is ${inspect(value)}`, () => {
      const error = refusal(() => resolveOptions(wrongly(name, value)));
      const [what, notThis] = error.message.split(', not ');
      expect(what).toMatch(new RegExp(`^option '${name}(\\.\\w+)?' must be .`));
      expect(notThis).toContain(essence(value));
    });
  }

  if (name !== 'auth') {
    test('[HOST-7] may be left out, or be undefined', () => {
      const expected = { ...DEFAULT_OPTIONS, auth: 'open', limits: LIMIT_PROFILES.relaxed };
      expect(resolveOptions({ auth: 'open' })).toEqual(expected);
      expect(resolveOptions(wrongly(name, undefined))).toEqual(expected);
    });
  }
});

describe('the options', () => {
  test.each([
    ['a typing error', { auth: 'open', ringTimeout: 5 }, "unknown option 'ringTimeout'"],
    ['a figure that is none', { auth: 'open', limits: { events: 30 } }, "unknown option 'limits.events'"],
    ['a name of Object.prototype', { auth: 'open', constructor: 5 }, "unknown option 'constructor'"],
    [
      'nothing at all',
      undefined,
      "option 'auth' must be 'open', {verifyToken}, {authenticate}, {jwt} or {passwords}, not undefined",
    ],
    ['null', null, "option 'auth' must be 'open', {verifyToken}, {authenticate}, {jwt} or {passwords}, not undefined"],
    [
      'an empty object',
      {},
      "option 'auth' must be 'open', {verifyToken}, {authenticate}, {jwt} or {passwords}, not undefined",
    ],
  ])('[HOST-7] are refused: %s', (_, options, message) => {
    const resolve = () => resolveOptions(options as unknown as SignalingServerOptions);
    expect(resolve).toThrow(TypeError);
    expect(resolve).toThrow(message);
  });

  test('[HOST-7] are taken as they were given', () => {
    const given: Required<SignalingServerOptions> = {
      auth: 'open',
      path: '/calls/ws.v1_~x',
      origins: ['https://app.example', 'http://localhost:5173'],
      ringTimeoutMs: 1,
      graceMs: MAX_MS,
      ringingGraceMs: 2,
      presenceGraceMs: 3,
      maxCallMs: 4,
      maxCallsPerUser: 1_000,
      joinTimeoutMs: 5,
      presenceBudgetBytesPerSecond: Number.MAX_SAFE_INTEGER,
      authorizeCall: () => true,
      onUnreachable: async () => false,
      scopeOf: () => '',
      limits: { ...LIMIT_PROFILES.standard, connectionsPerAddress: 20 },
      trustProxy: ['10.0.0.0/8', '::1'],
      iceServers: [{ urls: 'stun:stun.example' }],
      turn: { urls: ['turn:turn.example'], secret: 'secret', ttlSeconds: 60 },
      icePolicy: 'relay-only',
      metrics: { token: 'token' },
      canSee: () => true,
      logger: console,
    };
    expect(resolveOptions(given)).toEqual(given);
    expect(Object.keys(WRONG).sort()).toEqual(Object.keys(given).sort());
  });

  test('[HOST-7] of the caller are not changed', () => {
    const given: SignalingServerOptions = Object.freeze({ auth: 'open', origins: Object.freeze([]) });
    expect(resolveOptions(given)).not.toBe(given);
    expect(given).toEqual({ auth: 'open', origins: [] });
  });

  test("[HOST-7] may let every page in, by '*'", () => {
    expect(resolveOptions({ auth: 'open', origins: '*' }).origins).toBe('*');
  });
});

describe('the limits', () => {
  const limits = (options: Partial<SignalingServerOptions>) => resolveOptions({ auth: 'open', ...options }).limits;

  test.each<[string, Partial<SignalingServerOptions>, keyof typeof LIMIT_PROFILES]>([
    ['in the open', {}, 'relaxed'],
    ['with tokens', { auth: { verifyToken: () => null } }, 'standard'],
    ['by name', { limits: 'off' }, 'off'],
    ['by name, in the object', { limits: { profile: 'off' } }, 'off'],
    ['with figures alone', { limits: {} }, 'standard'],
  ])('[LIMIT-1] are a profile: %s', (_, options, profile) => {
    vi.stubEnv('NODE_ENV', 'development');
    expect(limits(options)).toEqual(LIMIT_PROFILES[profile]);
  });

  test('[LIMIT-1] are those of the internet in production, however open', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(limits({})).toEqual(LIMIT_PROFILES.standard);
    expect(limits({ limits: 'relaxed' })).toEqual(LIMIT_PROFILES.relaxed);
  });

  test("[LIMIT-1] take figures of one's own in place of those of the profile, or of 'standard'", () => {
    const own = { eventBurst: 5, connections: Number.POSITIVE_INFINITY };
    expect(limits({ limits: own })).toEqual({ ...LIMIT_PROFILES.standard, ...own });
    expect(limits({ limits: { profile: 'relaxed', ...own } })).toEqual({ ...LIMIT_PROFILES.relaxed, ...own });
    // as JavaScript may pass it
    const left = { eventBurst: undefined } as unknown as LimitOptions;
    expect(limits({ limits: left })).toEqual(LIMIT_PROFILES.standard);
  });

  test('[LIMIT-1] of the profiles are these', () => {
    const table = Object.keys(LIMIT_PROFILES.standard).map((name) => {
      // the names are those of the object itself
      const key = name as keyof typeof LIMIT_PROFILES.standard;
      const { standard, relaxed, off } = LIMIT_PROFILES;
      return `${key}: ${standard[key]} ${relaxed[key]} ${off[key]}`;
    });
    expect(table).toMatchInlineSnapshot(`
      [
        "eventsPerSecond: 30 500 Infinity",
        "eventBurst: 60 2000 Infinity",
        "candidatesPerSecond: 50 500 Infinity",
        "candidateBurst: 200 2000 Infinity",
        "candidatesPerGeneration: 200 10000 10000",
        "refusalsPer10Seconds: 100 100 Infinity",
        "callsPerMinute: 10 Infinity Infinity",
        "callBurst: 5 Infinity Infinity",
        "callsToUserPerMinute: 30 Infinity Infinity",
        "ringingPerUser: 3 Infinity Infinity",
        "loginsPerMinuteByName: 5 Infinity Infinity",
        "loginsPerMinuteByAddress: 20 Infinity Infinity",
        "requestsPerMinuteByAddress: 300 Infinity Infinity",
        "failedLoginsPer30Minutes: 10 Infinity Infinity",
        "passwordChecks: 2 2 2",
        "passwordChecksWaiting: 20 20 20",
        "connections: 10000 10000 Infinity",
        "connectionsPerUser: 10 1000 Infinity",
        "connectionsPerAddress: Infinity Infinity Infinity",
        "waitingMs: 5000 5000 5000",
        "waitingBytes: 262144 262144 262144",
        "waitingPackets: 256 256 256",
        "maxWaitingBytes: 8388608 8388608 8388608",
      ]
    `);
  });
});

test("[AUTH-2] a host's session is not for every page", () => {
  const authenticate = () => null;
  const refused = () => resolveOptions({ auth: { authenticate }, origins: '*' });
  expect(refused).toThrow(
    new TypeError("option 'origins' must be a list of origins where 'auth' has authenticate, not '*'"),
  );
  expect(resolveOptions({ auth: { verifyToken: authenticate }, origins: '*' }).origins).toBe('*');
  expect(resolveOptions({ auth: { authenticate }, origins: [] }).origins).toEqual([]);
});
