import { Client } from './client.js';
import { makeUser } from './make-user.js';
import { Observer } from './observer.js';
import { PROTOCOLS, type ProtocolName } from './protocols/protocols.js';

export interface JoinPlan {
  protocol: ProtocolName;
  port: number;
  /** Users to have joined in the end, with those who are there already. */
  users: number;
  /** Users who connect at the same time. */
  atOnce: number;
  /** Give up after this many milliseconds. */
  limitMs: number;
  /** Number of the first user; another driver's users have others. 0 by default. */
  firstNumber?: number;
}

export interface JoinResult {
  joined: number;
  wallMs: number;
}

/** The users that have joined, and what the first of them was told of who is online. */
export class Population {
  /** The first is the one that is observed. */
  readonly clients: Client[] = [];
  readonly observer = new Observer();
  list = { users: 0, bytes: 0 };

  /** Payload bytes that all of them have received since they connected. */
  get bytesReceived(): number {
    return this.clients.reduce((sum, client) => sum + client.bytesReceived, 0);
  }

  /** Connects and joins users, each of `atOnce` places taking the next user when the last one has joined. */
  async join(plan: JoinPlan): Promise<JoinResult> {
    const startedAt = performance.now();
    let started = this.clients.length;
    let over = false;
    const fillPlace = async () => {
      while (started < plan.users && !over) {
        const index = started++;
        const client = this.#connect(plan, index);
        await client.joined();
        if (over) return;
        if (index === 0) this.clients.unshift(client);
        else this.clients.push(client);
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, plan.limitMs);
    });
    await Promise.race([limit, Promise.all(Array.from({ length: plan.atOnce }, fillPlace))]);
    over = true;
    clearTimeout(timer);
    return { joined: this.clients.length, wallMs: performance.now() - startedAt };
  }

  #connect({ protocol, port, firstNumber = 0 }: JoinPlan, index: number): Client {
    const client = new Client(PROTOCOLS[protocol], port, makeUser(firstNumber + index));
    if (index === 0) {
      client.listener = (incoming, _text, message) => {
        this.observer.hear(incoming, message);
        if (incoming.kind === 'users') this.list = { users: countUsers(message), bytes: message.length };
      };
    }
    return client;
  }
}

function countUsers(list: Buffer): number {
  let users = 0;
  for (let at = list.indexOf('"socketId"'); at >= 0; at = list.indexOf('"socketId"', at + 1)) users += 1;
  return users;
}
