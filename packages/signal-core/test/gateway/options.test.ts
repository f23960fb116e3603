import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, resolveOptions, type SignalingServerOptions } from '../../src/options.ts';

const MAX_MS = 2 ** 31 - 1;

const noTime = [0, -1, 1.5, MAX_MS + 1, '60000', null, true, [5], {}, Number.NaN];
const noHook = [true, 'allow', null, {}];

/** What cannot be written as JSON can still be wrong. */
const circular: { self?: unknown } = {};
circular.self = circular;

/** Values that an option does not take. */
const WRONG: { [Name in keyof SignalingServerOptions]-?: unknown[] } = {
  auth: [undefined, 'Open', '', null, true, { verifyToken: 1 }, () => true],
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
    { profile: 'strict' },
    { eventsPerSecond: 0 },
    { eventBurst: '60' },
    { events: 30 },
    { waitingMs: Number.NaN },
  ],
  trustProxy: [-1, 0.5, true, '10.0.0.0/8', ['10.0.0.0/33'], ['proxy.example'], [7]],
  iceServers: [{ urls: 'stun:stun.example' }, [{}], [{ urls: [] }], [{ urls: 'http://turn.example' }], [null]],
  turn: [
    {},
    { urls: ['turn:turn.example'] },
    { urls: [], secret: 's' },
    { urls: ['turn:turn.example'], secret: '' },
    { urls: ['turn:turn.example'], secret: 's', ttlSeconds: 59 },
  ],
  icePolicy: ['relay', 'none', true, null],
  metrics: ['yes', 1, null, { token: '' }, { token: 7 }, { registry: {} }],
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
      expect(what).toMatch(new RegExp(`^option '${name}' must be .`));
      expect(notThis).toContain(essence(value));
    });
  }

  if (name !== 'auth') {
    test('[HOST-7] may be left out, or be undefined', () => {
      const expected = { ...DEFAULT_OPTIONS, auth: 'open' };
      expect(resolveOptions({ auth: 'open' })).toEqual(expected);
      expect(resolveOptions(wrongly(name, undefined))).toEqual(expected);
    });
  }
});

describe('the options', () => {
  test.each([
    ['a typing error', { auth: 'open', ringTimeout: 5 }, "unknown option 'ringTimeout'"],
    ['a name of Object.prototype', { auth: 'open', constructor: 5 }, "unknown option 'constructor'"],
    ['nothing at all', undefined, "option 'auth' must be 'open', not undefined"],
    ['null', null, "option 'auth' must be 'open', not undefined"],
    ['an empty object', {}, "option 'auth' must be 'open', not undefined"],
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
