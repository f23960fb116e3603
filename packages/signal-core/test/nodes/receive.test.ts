import { expect, test } from 'vitest';
import { silentLogger } from '../../src/log.ts';
import { type MessageHandlers, receiver } from '../../src/nodes/receive.ts';
import type { NodeMessage } from '../../src/stores/nodes.ts';

const SECRET = 'v=0 the content';

function receiving(handlers: Partial<MessageHandlers>) {
  const logged: string[] = [];
  const log = {
    ...silentLogger,
    error: (fields: object, text: string) => void logged.push(JSON.stringify([fields, text])),
  };
  // a message without a handler is what is tested here
  return { receive: receiver(handlers as MessageHandlers, log), logged };
}

test('[NODE-13] a message that throws, or rejects, is logged without its content, and the next one is heard', async () => {
  const heard: string[] = [];
  const fail = () => {
    throw new TypeError(SECRET);
  };
  const { receive, logged } = receiving({
    visibility_changed: fail,
    revoke: async () => fail(),
    dismiss_user: (from, { userId }) => void heard.push(`${from}: ${userId}`),
  });
  receive('n1', { type: 'visibility_changed' });
  receive('n1', { type: 'revoke', revocation: { jti: SECRET } });
  receive('n1', { type: 'dismiss_user', userId: 'bob', socketIds: [] });
  await Promise.resolve();
  expect(heard).toEqual(['n1: bob']);
  expect(logged).toHaveLength(2);
  expect(logged.join()).not.toContain(SECRET);
  for (const line of logged) expect(line).toContain('TypeError');
});

test.each<[string, unknown]>([
  ['of another version', { type: 'a later idea', content: SECRET }],
  ['without a type', { content: SECRET }],
  ['with a type that every object has', { type: 'toString', content: SECRET }],
  ['that is nothing', undefined],
  ['that is a text', SECRET],
])('[NODE-13] a message %s is logged without its content, and dropped', (_, message) => {
  const { receive, logged } = receiving({});
  // whatever another node sends
  receive('n1', message as NodeMessage);
  expect(logged).toEqual(['[{"from":"n1"},"a message of another node could not be understood"]']);
});
