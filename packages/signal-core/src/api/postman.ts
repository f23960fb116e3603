import { z } from 'zod';
import type { JsonObject } from './models.js';
import { POSTMAN_FOLDERS, type PostmanRequest } from './postman-requests.js';
import { REST_MODELS } from './rest-models.js';

const DESCRIPTION = `REST of the call signaling server, with tests. It wants the standalone server with \`--metrics\`.

Set the variables \`baseUrl\`, \`username\`, \`password\` and \`metricsToken\`. The folder "Without credentials" is for a
server in \`passwords\`: in \`open\` nobody is refused.`;

/** Values for a server on this machine; none is a secret. */
const VARIABLES = {
  baseUrl: 'http://localhost:3001',
  username: 'alice',
  password: 'secret',
  metricsToken: '',
  token: '',
};

/**
 * The Postman collection (v2.1) of every REST route.
 *
 * @see SPEC.md, rule API-6
 */
export function postmanCollection(): JsonObject {
  return {
    info: {
      name: 'Signal: REST',
      description: DESCRIPTION,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: Object.entries(VARIABLES).map(([key, value]) => ({ key, value })),
    item: Object.entries(POSTMAN_FOLDERS).map(([name, requests]) => ({ name, item: requests.map(item) })),
  };
}

function item(request: PostmanRequest): JsonObject {
  const { name, method, path, token, body, contentType = 'application/json', before } = request;
  return {
    name,
    event: [...(before === undefined ? [] : [script('prerequest', before)]), script('test', tests(request))],
    request: {
      method,
      auth: token === undefined ? { type: 'noauth' } : bearer(token),
      header: body === undefined ? [] : [{ key: 'Content-Type', value: contentType }],
      url: { raw: `{{baseUrl}}${path}`, host: ['{{baseUrl}}'], path: path.slice(1).split('/') },
      ...(body !== undefined && { body: { mode: 'raw', raw: body } }),
    },
  };
}

function script(listen: 'prerequest' | 'test', exec: readonly string[]): JsonObject {
  return { listen, script: { type: 'text/javascript', exec } };
}

function bearer(value: string): JsonObject {
  return { type: 'bearer', bearer: [{ key: 'token', value, type: 'string' }] };
}

function tests({ status, answer, after = [] }: PostmanRequest): string[] {
  return [
    `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`,
    ...('textWith' in answer ? textTests(answer.textWith) : jsonTests(answer)),
    ...(status === 401
      ? ["pm.test('says how to show credentials', () => pm.response.to.have.header('WWW-Authenticate', 'Bearer'));"]
      : []),
    ...after,
  ];
}

function textTests(text: string): string[] {
  return [`pm.test('is the text', () => pm.expect(pm.response.text()).to.include('${text}'));`];
}

function jsonTests(answer: Exclude<PostmanRequest['answer'], { textWith: string }>): string[] {
  return [
    "pm.test('is JSON', () => pm.response.to.have.header('Content-Type', 'application/json; charset=utf-8'));",
    `const schema = ${JSON.stringify(schemaOf('model' in answer ? REST_MODELS[answer.model] : REST_MODELS.HttpError))};`,
    "pm.test('fits its schema', () => pm.response.to.have.jsonSchema(schema));",
    ...('code' in answer
      ? [
          `pm.test('is refused \`${answer.code}\`', () => pm.expect(pm.response.json().code).to.equal('${answer.code}'));`,
        ]
      : []),
  ];
}

/** Whole, and of the draft that Postman knows. */
function schemaOf(model: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(model, { target: 'draft-07', io: 'input' });
  return schema;
}
