import type { ErrorCode } from '../protocol/errors.js';
import type { ModelName } from './rest-models.js';

/** One request of the collection, and what is to come back. */
export interface PostmanRequest {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  /** Shown as `Authorization: Bearer`; may name a variable. */
  token?: string;
  /** As it is sent; may name variables. */
  body?: string;
  contentType?: string;
  /** Lines of JavaScript to run first. */
  before?: readonly string[];
  status: number;
  /** What the body is: a model, text, or a refusal with this code. */
  answer: { model: ModelName } | { textWith: string } | { code: ErrorCode };
  /** Lines of JavaScript to run with a good answer. */
  after?: readonly string[];
}

const LOGIN = { method: 'POST', path: '/api/login' } as const;
const NO_LOGIN = { status: 400, answer: { code: 'invalid_payload' } } as const;
const UNKNOWN = { status: 401, answer: { code: 'unauthorized' } } as const;

const LISTS: readonly [path: string, what: string, model: ModelName][] = [
  ['/api/users', 'Everybody', 'KnownUsers'],
  ['/api/online-users', 'Who is online', 'ListedUsers'],
  ['/api/ice-servers', 'STUN and TURN servers', 'IceServers'],
];

/** The folders of the collection, in the order in which they run. The last holds in `passwords` only. */
export const POSTMAN_FOLDERS: Readonly<Record<string, readonly PostmanRequest[]>> = {
  'Log in': [
    { ...LOGIN, name: 'Without a password', body: '{"username": "{{username}}"}', ...NO_LOGIN },
    { ...LOGIN, name: 'No JSON', body: 'username={{username}}', ...NO_LOGIN },
    {
      ...LOGIN,
      name: 'Another content type',
      contentType: 'text/plain',
      body: '{"username": "{{username}}", "password": "{{password}}"}',
      ...NO_LOGIN,
    },
    {
      ...LOGIN,
      name: 'A name with a control character',
      body: '{"username": "a\\u0007b", "password": "{{password}}"}',
      ...NO_LOGIN,
    },
    {
      ...LOGIN,
      name: 'A body over 16 KiB',
      before: ["pm.variables.set('long', 'x'.repeat(20000));"],
      body: '{"username": "{{username}}", "password": "{{long}}"}',
      status: 413,
      answer: { code: 'payload_too_large' },
    },
    {
      ...LOGIN,
      name: 'Log in',
      body: '{"username": "{{username}}", "password": "{{password}}"}',
      status: 200,
      answer: { model: 'LoginSuccess' },
      after: ["pm.collectionVariables.set('token', pm.response.json().token);"],
    },
  ],
  'Before a call': LISTS.map(([path, name, model]) => ({
    name,
    method: 'GET',
    path,
    token: '{{token}}',
    status: 200,
    answer: { model },
  })),
  'The server': [
    { name: 'Health', method: 'GET', path: '/health', status: 200, answer: { model: 'Health' } },
    {
      name: 'Metrics',
      method: 'GET',
      path: '/metrics',
      token: '{{metricsToken}}',
      status: 200,
      answer: { textWith: '# TYPE ' },
    },
    { name: 'Alive', method: 'GET', path: '/livez', status: 200, answer: { model: 'Alive' } },
    { name: 'Ready', method: 'GET', path: '/readyz', status: 200, answer: { model: 'Ready' } },
    { name: 'No such route', method: 'GET', path: '/api', status: 404, answer: { code: 'invalid_payload' } },
  ],
  'Without credentials': [
    {
      ...LOGIN,
      name: 'Log in with a wrong password',
      body: '{"username": "{{username}}", "password": "not {{password}}"}',
      ...UNKNOWN,
    },
    ...LISTS.flatMap(([path, name]): PostmanRequest[] => [
      { name: `${name}, without a token`, method: 'GET', path, ...UNKNOWN },
      { name: `${name}, with a token that is none`, method: 'GET', path, token: 'nonsense', ...UNKNOWN },
    ]),
    { name: 'Metrics, with the token of a login', method: 'GET', path: '/metrics', token: '{{token}}', ...UNKNOWN },
  ],
};
