import { type ClientEvent, clientEventSchemas } from '../protocol/client-events.js';
import { EVENT_MODELS } from './event-models.js';
import { CLIENT_EVENTS, GENERAL_CODES, SERVER_EVENTS } from './events.js';
import { componentSchemas, type JsonObject, refTo } from './models.js';

const DESCRIPTION = `Calls over Socket.IO. REST is in openapi.json.

**Transport.** Socket.IO 4 (protocol revision 5 over Engine.IO 4), default namespace \`/\`, path \`/socket.io\` unless the
server says another, by polling and by WebSocket. Every event has one argument, its payload, or none; binary is refused.
A token goes into \`auth.token\` of the handshake, or into \`join\`; never into the URL.

**Acknowledgements.** Every event of a client takes a Socket.IO acknowledgement, answered exactly once: \`{ok: true, …}\`
or \`{ok: false, error}\`. Without one a refusal comes as \`signal_error\`. An acknowledgement is no event: it has no name.

**Legacy protocol.** What is tagged \`legacy\` is all that a client of the legacy protocol sends and understands, under
the same names; it sends no acknowledgements, and its unknown keys are ignored. A device whose \`join\` says neither
\`protocol: 2\` nor a \`deviceId\` is such a one: in its events the keys \`presence\`, \`features\`, \`presenceSince\`,
\`resume\`, \`metadata\` and \`seq\` mean nothing unless they fit.

Clients ignore events and keys that they do not know. Each operation names its rules in SPEC.md as \`x-spec\`.`;

const TO_SERVER = 'toServer';
const ACKNOWLEDGEMENTS = 'acknowledgements';
const TO_CLIENT = 'toClient';

/**
 * The AsyncAPI 3 document of every event, as the server sees it: it receives those of clients, and sends its own.
 *
 * @param codes - the table of error codes, as Markdown
 * @see SPEC.md, rule API-2
 */
export function asyncApi({ version, codes }: { version: string; codes: string }): JsonObject {
  const { ErrorCode, ...schemas } = componentSchemas(EVENT_MODELS, 'draft-07');
  const clientEvents = Object.keys(clientEventSchemas) as ClientEvent[]; // Object.keys forgets the names
  const serverEvents = Object.keys(SERVER_EVENTS) as (keyof typeof SERVER_EVENTS)[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Signal: events',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
      tags: [
        { name: 'legacy', description: 'Part of the legacy protocol' },
        { name: 'extension', description: 'Came after it' },
      ],
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: 'localhost:3001',
        pathname: '/socket.io',
        protocol: 'socket.io',
        protocolVersion: '5',
        description: 'A server on this machine',
        security: [{ type: 'http', scheme: 'bearer', description: 'A token in `auth.token`; not needed in `open`.' }],
        'x-socket.io': { engineIo: 4, namespace: '/', transports: ['polling', 'websocket'], maxMessageBytes: 65_536 },
      },
    },
    channels: {
      [TO_SERVER]: channel('What clients send.', clientEvents.map(clientMessage)),
      [ACKNOWLEDGEMENTS]: channel('How the server answers each, to a client that asked.', clientEvents.map(ackMessage)),
      [TO_CLIENT]: channel('What the server sends.', serverEvents.map(serverMessage)),
    },
    operations: {
      ...Object.fromEntries(clientEvents.map((event) => [`receive.${event}`, receive(event)])),
      ...Object.fromEntries(serverEvents.map((event) => [`send.${event}`, send(event)])),
    },
    components: { schemas: { ...schemas, ErrorCode: { ...Object(ErrorCode), description: codes } } },
  };
}

type Named = [name: string, message: JsonObject];

function channel(description: string, messages: Named[]): JsonObject {
  return { address: '/', description, messages: Object.fromEntries(messages) };
}

function clientMessage(event: ClientEvent): Named {
  return [event, { name: event, payload: refTo(`ToServer.${event}`) }];
}

function serverMessage(event: keyof typeof SERVER_EVENTS): Named {
  return [event, { name: event, ...(event !== 'pong' && { payload: refTo(`ToClient.${event}`) }) }];
}

function ackMessage(event: ClientEvent): Named {
  const { codes, isOpen } = CLIENT_EVENTS[event];
  const all = [...new Set([...GENERAL_CODES, ...(isOpen ? [] : (['not_joined'] as const)), ...codes])];
  const refusal = {
    type: 'object',
    required: ['ok', 'error'],
    properties: {
      ok: { const: false },
      error: { allOf: [refTo('ErrorBody'), { properties: { code: { enum: all } } }] },
    },
  };
  return [event, { name: `${event} acknowledged`, payload: { oneOf: [refTo(`Result.${event}`), refusal] } }];
}

function receive(event: ClientEvent): JsonObject {
  const { summary, rules, isLegacy } = CLIENT_EVENTS[event];
  return {
    action: 'receive',
    ...over(TO_SERVER, event),
    summary,
    tags: [{ name: isLegacy ? 'legacy' : 'extension' }],
    reply: over(ACKNOWLEDGEMENTS, event),
    'x-spec': rules,
  };
}

function send(event: keyof typeof SERVER_EVENTS): JsonObject {
  const { summary, rules, isLegacy } = SERVER_EVENTS[event];
  return {
    action: 'send',
    ...over(TO_CLIENT, event),
    summary,
    tags: [{ name: isLegacy ? 'legacy' : 'extension' }],
    'x-spec': rules,
  };
}

function over(name: string, event: string): JsonObject {
  return {
    channel: { $ref: `#/channels/${name}` },
    messages: [{ $ref: `#/channels/${name}/messages/${event}` }],
  };
}
