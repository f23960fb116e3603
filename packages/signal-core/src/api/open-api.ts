import type { ErrorCode } from '../protocol/errors.js';
import { componentSchemas, type JsonObject, refTo } from './models.js';
import { REST_MODELS } from './rest-models.js';
import { ROUTES, type Route } from './routes.js';

const DESCRIPTION = `REST of the call signaling server. Calls themselves go over Socket.IO: see asyncapi.json.

A server is in one of three modes. In \`open\` nobody needs credentials. In \`token\` and \`passwords\` a request shows a
token as \`Authorization: Bearer\`, never in its URL, or whatever else the host reads, such as a session cookie.

Every error is \`{error, code, retryAfterMs?}\`. 429 and 503 have \`Retry-After\`, 401 has \`WWW-Authenticate\`. Clients
ignore keys that they do not know. Each operation names its rules in SPEC.md as \`x-spec\`.`;

/** Operations that ask for credentials take none, too: in `open`, or from whoever may do without. */
const SECURITY: Record<NonNullable<Route['security']>, JsonObject[]> = {
  credentials: [{ bearer: [] }, {}],
  inside: [{}, { bearer: [] }],
  metrics: [{ metricsToken: [] }, { bearer: [] }, {}],
};

/** What a refusal of this status means, in words. */
const STATUS_WORDS: Record<number, string> = {
  400: 'The request does not fit.',
  401: 'No valid credentials.',
  404: 'No such route here.',
  413: 'The body is over 16 KiB.',
  429: 'Too many requests.',
  500: 'A fault of the server.',
  503: 'Not now: something that this needs does not answer, or too much waits already.',
};

/**
 * The OpenAPI 3.1 document of every REST route.
 *
 * @param codes - the table of error codes, as Markdown
 * @see SPEC.md, rule API-1
 */
export function openApi({ version, codes }: { version: string; codes: string }): JsonObject {
  const { ErrorCode, ...schemas } = componentSchemas(REST_MODELS, 'draft-2020-12');
  const paths: Record<string, JsonObject> = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signal: REST',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://localhost:3001', description: 'A server on this machine' }],
    tags: [
      { name: 'login', description: 'Who somebody is' },
      { name: 'users', description: 'What a client needs before it calls' },
      { name: 'operations', description: 'For whoever runs the server' },
      { name: 'probes', description: 'Of the standalone server, for balancers and orchestrators' },
    ],
    paths,
    components: {
      schemas: { ...schemas, ErrorCode: { ...Object(ErrorCode), description: codes } },
      headers: {
        RetryAfter: { description: 'Seconds to wait.', required: true, schema: { type: 'integer', minimum: 0 } },
        WwwAuthenticate: { description: 'How to show credentials.', required: true, schema: { const: 'Bearer' } },
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The token of a login, or one that the host takes. For a host that reads a cookie: no token at all.',
        },
        metricsToken: { type: 'http', scheme: 'bearer', description: 'The token of the option `metrics`.' },
      },
    },
  };
}

function operation(route: Route): JsonObject {
  const { operationId, tag, summary, description, rules, security, request, answers, refusals } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    security: security === undefined ? [] : SECURITY[security],
    ...(request !== undefined && { requestBody: { required: true, content: json(refTo(request)) } }),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, answer]) => [
        status,
        {
          description: answer.description,
          content: answer.body === 'text' ? { 'text/plain': { schema: { type: 'string' } } } : json(refTo(answer.body)),
        },
      ]),
      ...Object.entries(refusals).map(([status, codes]) => [status, refused(Number(status), codes)]),
    ]),
    'x-spec': rules,
  };
}

function refused(status: number, codes: readonly ErrorCode[]): JsonObject {
  const waits = status === 429 || status === 503;
  return {
    description: `${STATUS_WORDS[status]} \`${codes.join('` or `')}\`.`,
    ...(waits && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
    ...(status === 401 && { headers: { 'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' } } }),
    content: json({ allOf: [refTo('HttpError'), { properties: { code: { enum: codes } } }] }),
  };
}

function json(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}
