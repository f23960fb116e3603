import { once } from 'node:events';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { Registry } from 'prom-client';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';
import { listenOnLoopback } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectNoProcessFaults } from '../e2e/process-faults.ts';
import { Dice } from './dice.ts';
import { strangeValue } from './hostile-value.ts';
import { mutate } from './mutate.ts';
import { fuzzSeed } from './scale.ts';

expectNoProcessFaults();

const CONFIGURATIONS = 500;
const SECRET = 'a secret of thirty-two bytes, ok';
const silent = () => {};

/** Values that each option takes: what junk is made from. */
const GOOD: { [Name in keyof SignalingServerOptions]-?: unknown[] } = {
  auth: [
    'open',
    { verifyToken: () => null },
    { authenticate: async () => null, verifyToken: () => null },
    { jwt: { secret: SECRET, issuer: 'i', audience: 'a', algorithms: ['HS256'] } },
    { jwt: { jwksUrl: 'https://issuer.example/keys', issuer: 'i', audience: 'a', toIdentity: () => null } },
    { passwords: { check: () => null, secret: Buffer.alloc(32), tokenTtlMs: 60_000 } },
  ],
  path: ['/socket.io', '/a/b.c'],
  origins: ['*', [], ['https://app.example']],
  ringTimeoutMs: [1, 60_000],
  graceMs: [1, 2 ** 31 - 1],
  ringingGraceMs: [5_000],
  presenceGraceMs: [5_000],
  maxCallMs: [43_200_000],
  maxCallsPerUser: [1, 1_000],
  joinTimeoutMs: [10_000],
  presenceBudgetBytesPerSecond: [20_000_000],
  limits: ['standard', 'relaxed', 'off', { profile: 'off', eventBurst: 7 }, { connections: Number.POSITIVE_INFINITY }],
  trustProxy: [0, 3, ['10.0.0.0/8', '::1'], []],
  iceServers: [[], [{ urls: 'stun:a.example' }, { urls: ['turns:b.example'], username: 'u', credential: 'c' }]],
  turn: [{ urls: ['turn:a.example'], secret: 's', ttlSeconds: 60 }],
  icePolicy: ['all', 'relay-only'],
  metrics: [true, false, { token: 't' }, { registry: new Registry() }],
  canSee: [() => true],
  authorizeCall: [() => true],
  onUnreachable: [async () => false],
  scopeOf: [() => ''],
  logger: [{ debug: silent, info: silent, warn: silent, error: silent }],
};
const NAMES = Object.keys(GOOD);

/** What JavaScript can pass, and JSON cannot. */
const JUNK: readonly unknown[] = [
  undefined,
  Symbol('s'),
  10n,
  Number.NaN,
  -0,
  Number.POSITIVE_INFINITY,
  new Date(Number.NaN),
  /x/g,
  new Map([['a', 1]]),
  new Uint8Array(3),
  Promise.resolve('open'),
  Object.create(null),
  new (class Strange {
    toString(): string {
      throw new Error('no text');
    }
  })(),
  new Proxy({}, { get: () => null }),
  Array(3),
  () => {
    throw new Error('called');
  },
  class Uncalled {},
  { metrics: silent },
  { registry: null },
  { registry: { metrics: silent } },
  { jwt: null },
  { passwords: [] },
];

/** Of an option that there is not, anything. */
function valuesOf(name: string): unknown[] {
  // a name that is none of the table's is looked for first
  return Object.hasOwn(GOOD, name) ? GOOD[name as keyof SignalingServerOptions] : [1];
}

function junk(name: string, dice: Dice): unknown {
  const good = dice.pick(valuesOf(name));
  switch (dice.int(5)) {
    case 0:
      return good;
    case 1:
      return dice.pick(JUNK);
    case 2:
      return strangeValue(dice);
    case 3: // a good value of another option
      return dice.pick(valuesOf(dice.pick(NAMES)));
    default:
      return mutate(good, dice);
  }
}

function configuration(dice: Dice): unknown {
  if (dice.chance(0.02)) return dice.pick(JUNK);
  const options: Record<string, unknown> = dice.chance(0.8) ? { auth: dice.pick(GOOD.auth) } : {};
  for (let left = 1 + dice.int(3); left > 0; left -= 1) {
    const name = dice.chance(0.03) ? dice.pick(['__proto__x', 'toString', 'ringTimeout', '']) : dice.pick(NAMES);
    options[name] = junk(name, dice);
  }
  return options;
}

/** @returns what is wrong with what came of it */
async function faultOf(options: unknown): Promise<string | undefined> {
  let signaling: SignalingServer;
  try {
    // as JavaScript may call it
    signaling = new SignalingServer(options as SignalingServerOptions);
  } catch (error) {
    const isTold = error instanceof TypeError && /^(option|unknown option) '[^']*'/.test(error.message);
    return isTold ? undefined : `threw ${inspect(error)}`;
  }
  const server = createServer(signaling.handler());
  signaling.attach(server);
  const { url, stop } = await listenOnLoopback(server);
  const { path = '/socket.io' } = Object(options) as SignalingServerOptions;
  const health = await fetch(`${url}/health`);
  // by WebSocket, which closes at once
  const ws = new WebSocket(`${url.replace('http', 'ws')}${path}/?EIO=4&transport=websocket`);
  const [handshake] = await once(ws, 'message');
  await signaling.close();
  await stop();
  return health.ok && String(handshake).startsWith('0{') ? undefined : `answered ${health.status} ${handshake}`;
}

test(`[HOST-7] ${CONFIGURATIONS} junk configurations: a TypeError that names the option, or a server that works`, async () => {
  const dice = new Dice(fuzzSeed('configurations'));
  const faults: string[] = [];
  for (let left = CONFIGURATIONS; left > 0; left -= 1) {
    const options = configuration(dice);
    const fault = await faultOf(options);
    if (fault !== undefined) faults.push(`${inspect(options, { depth: 3 })}: ${fault}`);
  }
  expect(faults).toEqual([]);
}, 60_000);
