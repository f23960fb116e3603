import type { NodeId } from '../domain/ids.js';
import type { Logger } from '../log.js';
import type { NodeMessage } from '../stores/nodes.js';

type MessageOf<Type extends NodeMessage['type']> = Extract<NodeMessage, { type: Type }>;

/** What is done about each message of another node. */
export type MessageHandlers = {
  [Type in NodeMessage['type']]: (from: NodeId, message: MessageOf<Type>) => void | Promise<void>;
};

/**
 * The one wrapper round every message of another node: nothing that one says, or that comes of it, stops this one. What
 * cannot be understood or carried out is logged without its content.
 *
 * @see SPEC.md, rule NODE-13
 */
export function receiver(handlers: MessageHandlers, log: Logger): (from: NodeId, message: NodeMessage) => void {
  const fail = (from: NodeId, type: string, error: unknown) => {
    const fault = error instanceof Error ? error.name : typeof error;
    log.error({ from, type, fault }, 'a message of another node could not be handled');
  };
  return (from, message) => {
    // another version of this server may say what this one does not know
    const type: unknown = Object(message).type;
    if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) {
      log.error({ from }, 'a message of another node could not be understood');
      return;
    }
    try {
      // handler and message of one type belong together, which the compiler cannot follow
      const handle = handlers[message.type] as (from: NodeId, message: NodeMessage) => void | Promise<void>;
      handle(from, message)?.catch((error: unknown) => fail(from, type, error));
    } catch (error) {
      fail(from, type, error);
    }
  };
}
