import { Client } from './client.js';
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
}

export interface JoinResult {
  joined: number;
  wallMs: number;
}

/** The users that have joined, and the last list of users that the first of them received. */
export class Population {
  readonly clients: Client[] = [];
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
        const client = this.#connect(plan, started++);
        await client.joined();
        if (!over) this.clients.push(client);
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

  #connect({ protocol, port }: JoinPlan, index: number): Client {
    // As long as a UUID: lists of users weigh what they weigh in production.
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const client = new Client(PROTOCOLS[protocol], port, { id, name: `user-${index}`, address: id });
    if (index === 0) {
      client.listener = (incoming, _text, message) => {
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
