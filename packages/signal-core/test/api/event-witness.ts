import type { ClientEvent, ErrorCode } from 'signal-core/protocol';
import type { JoinPayload, ScriptedClient } from 'signal-core/testing';
import { at, judging, readDocument } from './api-document.ts';

const asyncApi = readDocument('asyncapi.json');
const judge = judging(asyncApi, '07');
/** Clients may send more than the server looks at. */
const judgeClient = judging(asyncApi, '07', true);

/** Events of Socket.IO's own, which a client makes up by itself. */
const LOCAL = ['disconnect'];

type Channel = 'toServer' | 'acknowledgements' | 'toClient';

/** The messages of a channel, by the document. */
export function documented(channel: Channel): string[] {
  return Object.keys(Object(at(asyncApi, `#/channels/${channel}/messages`)));
}

/** Holds all that clients send and hear against asyncapi.json. */
export class EventWitness {
  /** What does not fit, in words. */
  readonly problems: string[] = [];
  /** What came to pass, by channel. */
  readonly seen: Record<Channel, Set<string>> = {
    toServer: new Set(),
    acknowledgements: new Set(),
    toClient: new Set(),
  };
  #isWrongOnPurpose = false;

  /** A connected client; `user` is what it joins by, now and at every return. */
  watch(client: ScriptedClient, user?: JoinPayload): ScriptedClient {
    client.socket.onAny((event: string, ...args: unknown[]) => {
      if (!LOCAL.includes(event)) this.judge('toClient', event, ...args);
    });
    client.socket.onAnyOutgoing((event: string, ...args: unknown[]) => {
      if (!this.#isWrongOnPurpose) this.judge('toServer', event, ...args);
    });
    client.user = user;
    return client;
  }

  judge(channel: Channel, event: string, ...args: unknown[]): void {
    this.seen[channel].add(event);
    this.problems.push(...judgeMessage(channel, event, args));
  }

  /** @returns the result of an event that must not be refused */
  async ask(client: ScriptedClient, event: ClientEvent, payload?: unknown): Promise<Record<string, unknown>> {
    const answer = await client.ask<string>(event, ...(payload === undefined ? [] : [payload]));
    this.judge('acknowledgements', event, answer);
    if (!answer.ok) this.problems.push(`${event} was refused: ${answer.error.code}`);
    return Object(answer);
  }

  /** An event that must be refused with this code; by the document, too, where it says what fits. */
  async refused(client: ScriptedClient, code: ErrorCode, event: ClientEvent, payload: unknown): Promise<void> {
    const [problem] = judgeMessage('toServer', event, [payload]);
    if (code === 'invalid_payload' && problem === undefined) this.problems.push(`${event}: the document takes it`);
    const answer = await this.#wrongOnPurpose(() => client.ask<string>(event, payload));
    this.judge('acknowledgements', event, answer);
    if (answer.ok || answer.error.code !== code) this.problems.push(`${event}: no ${code}: ${JSON.stringify(answer)}`);
  }

  /** Sends without acknowledgement what will be refused. */
  sendWrong(client: ScriptedClient, event: ClientEvent, payload: unknown): void {
    this.#wrongOnPurpose(() => client.send(event, payload));
  }

  /** Outgoing events are told of as they are sent, before the call returns. */
  #wrongOnPurpose<T>(send: () => T): T {
    this.#isWrongOnPurpose = true;
    try {
      return send();
    } finally {
      this.#isWrongOnPurpose = false;
    }
  }
}

function judgeMessage(channel: Channel, event: string, args: unknown[]): string[] {
  const message = `#/channels/${channel}/messages/${event}`;
  const found = at(asyncApi, message);
  if (found === undefined) return [`${channel}: ${event} is not in the document`];
  if (Object(found).payload === undefined) return args.length === 0 ? [] : [`${message} has no payload`];
  if (args.length > 1) return [`${message} has one argument, not ${args.length}`];
  const judgeIt = channel === 'toServer' ? judgeClient : judge;
  return judgeIt(`${message}/payload`, args[0] ?? null);
}
