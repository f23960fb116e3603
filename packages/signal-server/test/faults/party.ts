import type { JoinSuccess } from 'signal-core/protocol';
import { io, type Socket } from 'socket.io-client';
import { ANSWER, OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';

/** How long an acknowledgement, or an event, is waited for, in milliseconds, unless a test says how long. */
const PATIENCE_MS = 10_000;

export interface Heard {
  event: string;
  payload: Record<string, unknown>;
  /** When it came, by `performance.now()`. */
  at: number;
}

/** What a server answers: `code` is that of a refusal. */
export interface Answer {
  ok: boolean;
  code: string | undefined;
  retryAfterMs: number | undefined;
  callId: string | undefined;
}

interface Joining {
  patienceMs?: number;
  /** The connection before stays until the server closes it. */
  isKept?: boolean;
  /** `delta`: it hears of who comes and goes. */
  presence?: 'none' | 'delta';
}

/**
 * One device that resumes, cheap enough for thousands of them in one process. It comes back where a test says, and knows
 * when it heard of what.
 */
export class Party {
  readonly id: string;
  readonly heard: Heard[] = [];
  readonly #device: string;
  readonly #looks = new Set<() => void>();
  #socket: Socket | undefined;

  constructor(id: string, device = 'phone') {
    this.id = id;
    this.#device = device;
  }

  get isConnected(): boolean {
    return this.#socket?.connected ?? false;
  }

  /** Joins at a node, as the same device each time, with what it knows of its calls. */
  async joinAt(
    url: string,
    { patienceMs = PATIENCE_MS, isKept = false, presence = 'none' }: Joining = {},
  ): Promise<JoinSuccess> {
    if (!isKept) this.vanish();
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: patienceMs,
    });
    this.#socket = socket;
    const since = this.heard.length;
    socket.onAny((event: string, payload: unknown) => this.#hear(socket, event, Object(payload)));
    socket.on('disconnect', (reason) => this.#hear(socket, 'disconnect', { reason }));
    socket.on('connect_error', ({ message }) => this.#hear(socket, 'connect_error', { reason: message }));
    socket.on('connect', () =>
      socket.emit('join', {
        id: this.id,
        username: this.id,
        deviceId: this.#device,
        protocol: 2,
        features: ['resume'],
        presence,
        resume: this.#points(),
      }),
    );
    const over = ['join_success', 'connect_error', 'disconnect', 'signal_error'];
    const first = await this.#until(({ event }) => over.includes(event), 'join_success', patienceMs, since);
    if (first.event === 'join_success') return first.payload as unknown as JoinSuccess; // what a server says is what tests are about
    throw new Error(`${this.id} could not join: ${first.event} ${JSON.stringify(first.payload)}`);
  }

  /** Comes back as pages do: it tries until it is let in. @returns how long it took, in milliseconds */
  async comeBackAt(url: string, patienceMs = 20_000): Promise<number> {
    const startedAt = performance.now();
    for (;;) {
      try {
        await this.joinAt(url, { patienceMs: 5_000 });
        return performance.now() - startedAt;
      } catch (error) {
        if (performance.now() - startedAt > patienceMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 + 300 * Math.random()));
      }
    }
  }

  async ask(event: string, payload: object, patienceMs = PATIENCE_MS): Promise<Answer> {
    const { ok, error, callId } = Object(await this.#now().timeout(patienceMs).emitWithAck(event, payload));
    return { ok, code: error?.code, retryAfterMs: error?.retryAfterMs, callId };
  }

  /** @returns what the first such event said, one that has come already too */
  until(event: string, where: Partial<Heard['payload']> = {}, patienceMs = PATIENCE_MS): Promise<Heard> {
    const isIt = (each: Heard) => each.event === event && isLike(each.payload, where);
    return this.#until(isIt, `${event} ${JSON.stringify(where)}`, patienceMs, 0);
  }

  /** @returns every such event so far */
  all(event: string, where: Partial<Heard['payload']> = {}): Heard[] {
    return this.heard.filter((each) => each.event === event && isLike(each.payload, where));
  }

  /** Places a call. @returns its id once it rings */
  async call(to: Party): Promise<string> {
    const answer = await this.ask('call_user', { to: to.id, callType: 'video', offer: OFFER });
    if (answer.callId === undefined) throw new Error(`${this.id} could not call ${to.id}: ${answer.code}`);
    return answer.callId;
  }

  accept(callId: string): Promise<Answer> {
    return this.ask('accept_call', { callId, answer: ANSWER });
  }

  /** Its connection breaks, without a word. */
  vanish(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.offAny();
    socket.off();
    const ws: unknown = Object(Object(socket.io.engine).transport).ws;
    if (hasTerminate(ws)) ws.terminate();
    socket.disconnect();
  }

  #now(): Socket {
    if (this.#socket === undefined) throw new Error(`${this.id} has no connection`);
    return this.#socket;
  }

  #hear(socket: Socket, event: string, payload: Heard['payload']): void {
    if (socket !== this.#socket) return;
    this.heard.push({ event, payload, at: performance.now() });
    for (const look of [...this.#looks]) look();
  }

  #until(isIt: (heard: Heard) => boolean, what: string, patienceMs: number, since: number): Promise<Heard> {
    const missing = new Error();
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.heard.slice(since).find(isIt);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#looks.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#looks.delete(look);
        const came = this.heard.map(
          ({ event, payload }) => `${event} ${String(payload.status ?? payload.reason ?? '')}`,
        );
        missing.message = `${this.id} waited ${patienceMs} ms for ${what}; came: ${came.join(', ')}`;
        reject(missing);
      }, patienceMs);
      this.#looks.add(look);
      look();
    });
  }

  /** Up to where it has got the events of each of its calls. */
  #points(): object[] {
    const points = new Map<unknown, { callId: unknown; streamId?: unknown; lastSeq: number }>();
    for (const { payload } of this.heard) {
      const { callId, streamId, seq } = payload;
      if (typeof seq !== 'number') continue;
      const point = points.get(callId);
      points.set(callId, { ...point, callId, ...(streamId !== undefined && { streamId }), lastSeq: seq });
    }
    return [...points.values()].slice(-10);
  }
}

/** A call of two that was placed and answered. */
export interface Talk {
  caller: Party;
  callee: Party;
  callId: string;
}

export async function talk(caller: Party, callee: Party): Promise<Talk> {
  const callId = await caller.call(callee);
  await callee.until('incoming_call', { callId });
  const { ok, code } = await callee.accept(callId);
  if (!ok) throw new Error(`${callee.id} could not accept: ${code}`);
  await caller.until('call_accepted', { callId });
  return { caller, callee, callId };
}

let proofs = 0;

/** Each hears what the other says in the call: the proof that it lives. */
export async function stillTalking({ caller, callee, callId }: Talk, patienceMs?: number): Promise<void> {
  proofs += 1;
  const data = `proof ${proofs}`;
  const pairs = [
    [caller, callee],
    [callee, caller],
  ] as const;
  const said = pairs.map(async ([from, to]) => {
    const { ok, code } = await from.ask('call_info', { callId, data: `${data} ${from.id}` });
    if (!ok) throw new Error(`${from.id} could not speak in ${callId}: ${code}`);
    await to.until('call_info', { data: `${data} ${from.id}` }, patienceMs);
  });
  await Promise.all(said);
}

/** Runs something for each, so many at a time. */
export async function inSlices<T, R>(items: readonly T[], size: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(run))));
  }
  return results;
}

function isLike(payload: Heard['payload'], where: Partial<Heard['payload']>): boolean {
  return Object.entries(where).every(([key, value]) => payload[key] === value);
}

function hasTerminate(ws: unknown): ws is { terminate(): void } {
  return typeof Object(ws).terminate === 'function';
}
