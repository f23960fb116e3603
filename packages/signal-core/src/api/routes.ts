import type { ErrorCode } from '../protocol/errors.js';
import type { ModelName } from './rest-models.js';

/** An answer that is no refusal. */
interface Answer {
  description: string;
  /** `text`: not JSON. */
  body: ModelName | 'text';
}

/** One route, with every answer that it gives. */
export interface Route {
  method: 'get' | 'post';
  path: string;
  operationId: string;
  tag: 'login' | 'users' | 'operations' | 'probes';
  summary: string;
  description: string;
  /** Of SPEC.md. */
  rules: readonly string[];
  /** Which credentials it asks for, outside of `open`. */
  security?: 'credentials' | 'inside' | 'metrics';
  request?: ModelName;
  answers: Readonly<Record<number, Answer>>;
  refusals: Readonly<Record<number, readonly ErrorCode[]>>;
}

/** Whom nobody knows, too many requests, and what goes wrong on our side. */
const REFUSED_TO_ASK = {
  401: ['unauthorized', 'token_expired'],
  429: ['rate_limited'],
  500: ['internal'],
  503: ['unavailable'],
} as const;

const NO_ROUTE = { 404: ['invalid_payload'] } as const;

/** Every REST route. Those of the tag `probes` are signal-server's own. */
export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/api/login',
    operationId: 'login',
    tag: 'login',
    summary: 'Log in',
    description: 'In `open` anybody is who they say. In `token` the host logs people in, and this is no route (404).',
    rules: ['REST-1', 'REST-2', 'REST-4', 'AUTH-7', 'AUTH-8', 'LIMIT-6', 'LIMIT-7'],
    request: 'Credentials',
    answers: { 200: { description: 'Logged in.', body: 'LoginSuccess' } },
    refusals: {
      400: ['invalid_payload'],
      401: ['unauthorized'],
      ...NO_ROUTE,
      413: ['payload_too_large'],
      429: ['rate_limited'],
      500: ['internal'],
      503: ['unavailable'],
    },
  },
  {
    method: 'get',
    path: '/api/users',
    operationId: 'listUsers',
    tag: 'users',
    summary: 'List everybody who was ever seen',
    description: 'Those who logged in and those who joined, online or not, in the scope of who asks.',
    rules: ['REST-5', 'PRES-12', 'AUTH-9', 'SEE-1', 'LIMIT-12'],
    security: 'credentials',
    answers: { 200: { description: 'The users.', body: 'KnownUsers' } },
    refusals: REFUSED_TO_ASK,
  },
  {
    method: 'get',
    path: '/api/online-users',
    operationId: 'listOnlineUsers',
    tag: 'users',
    summary: 'List who is online',
    description: 'One entry a user, in the scope of who asks.',
    rules: ['REST-6', 'PRES-12', 'AUTH-9', 'SEE-1', 'LIMIT-12'],
    security: 'credentials',
    answers: { 200: { description: 'The users.', body: 'ListedUsers' } },
    refusals: REFUSED_TO_ASK,
  },
  {
    method: 'get',
    path: '/api/ice-servers',
    operationId: 'getIceServers',
    tag: 'users',
    summary: 'Get STUN and TURN servers',
    description: 'With credentials of the user who asks; in `open` of `guest`.',
    rules: ['TURN-1', 'AUTH-9', 'LIMIT-12'],
    security: 'credentials',
    answers: { 200: { description: 'The servers.', body: 'IceServers' } },
    refusals: REFUSED_TO_ASK,
  },
  {
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    tag: 'operations',
    summary: 'See that the server runs, and how it is',
    description: 'It never fails for want of credentials: who shows none, from elsewhere, is told less.',
    rules: ['REST-7', 'AUTH-10'],
    security: 'inside',
    answers: { 200: { description: 'It runs.', body: 'Health' } },
    refusals: {},
  },
  {
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tag: 'operations',
    summary: 'Read the metrics, for Prometheus',
    description: 'No route (404) unless the option `metrics` is set. With a token of its own, that one only is taken.',
    rules: ['METRICS-1'],
    security: 'metrics',
    answers: { 200: { description: 'The metrics, in the text format of Prometheus.', body: 'text' } },
    refusals: { 401: ['unauthorized', 'token_expired'], ...NO_ROUTE, 503: ['unavailable'] },
  },
  {
    method: 'get',
    path: '/livez',
    operationId: 'getLiveness',
    tag: 'probes',
    summary: 'See that the process answers',
    description: 'Of the standalone server.',
    rules: ['SRV-24'],
    answers: { 200: { description: 'It does.', body: 'Alive' } },
    refusals: {},
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'probes',
    summary: 'Ask whether clients are to be sent here',
    description: 'Of the standalone server.',
    rules: ['SRV-24'],
    answers: {
      200: { description: 'They are.', body: 'Ready' },
      503: { description: 'They are not, for this reason.', body: 'NotReady' },
    },
    refusals: {},
  },
];
