import type { SignalingCall, SignalingClient } from 'signal-core/client';
import { answerCall } from '../session/answer-call.js';
import type { CallReport } from '../session/call-report.js';
import { fieldsOf } from '../session/fields.js';
import type { MediaPeer } from '../session/media-peer.js';
import { placeCall } from '../session/place-call.js';
import type { TimelineEntry } from '../session/timeline.js';
import type { Happening } from './happening.js';
import type { Wish } from './press.js';
import type { CallRow, ServerFigures } from './state.js';

/** Longer than anybody looks at a dashboard: the most that a timer takes. */
const UNTIL_HUNG_UP_MS = 2 ** 31 - 1;
/** How often events go to the screen, and the server is asked how it is, in milliseconds. */
const TELL_EVERY_MS = 100;
const FIGURES_EVERY_MS = 3_000;

interface Parts {
  client: SignalingClient;
  makePeer(callType: 'video' | 'audio'): MediaPeer;
  readFigures(): Promise<ServerFigures>;
  /** Longest wait for media that should come, in milliseconds. */
  timeoutMs: number;
  tell(happening: Happening): void;
}

/** What goes on between the dashboard and the server: tells what happens, and does what is wished for. */
export class LiveSession {
  readonly #parts: Parts;
  readonly #rows = new Map<string, CallRow>();
  readonly #incoming = new Map<string, SignalingCall>();
  /** How to hang up each call that is played. */
  readonly #playing = new Map<string, AbortController>();
  readonly #played = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[];
  #entries: TimelineEntry[] = [];
  #ringTimeoutMs: number | undefined;

  constructor(parts: Parts) {
    const { client, tell } = parts;
    this.#parts = parts;
    const { presence } = client;
    tell({ type: 'people', joined: this.#others(presence.users.values()), left: [] });
    presence.on('change', ({ joined, left }) =>
      tell({ type: 'people', joined: this.#others(joined), left: this.#others(left) }),
    );
    client.on('incomingCall', (call) => this.#ring(call));
    for (const call of client.calls.values()) this.#ring(call);
    client.on('state', (state) => {
      if (state === 'joined' || state === 'reconnecting') tell({ type: 'link', link: state });
    });
    const figures = () =>
      parts.readFigures().then(
        (found) => tell({ type: 'server', figures: found }),
        () => {},
      );
    void figures();
    this.#timers = [setInterval(() => this.#flush(), TELL_EVERY_MS), setInterval(figures, FIGURES_EVERY_MS)];
  }

  /** Takes what was sent or received. */
  observe(entry: TimelineEntry): void {
    // told by whatever answers a join
    const { ringTimeoutMs } = fieldsOf(entry.body);
    if (typeof ringTimeoutMs === 'number') this.#ringTimeoutMs = ringTimeoutMs;
    this.#entries.push(entry);
  }

  /** Does what a key asked for; what goes wrong is told on the screen. */
  do(wish: Exclude<Wish, { type: 'quit' }>): void {
    if (wish.type === 'call') this.#call(wish.userId);
    else if (wish.type === 'accept') this.#accept(wish.callId);
    else if (wish.type === 'reject') this.#reject(wish.callId);
    else this.#hangUp(wish.callId);
  }

  /** Hangs up, and waits until the server knows. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const playing of this.#playing.values()) playing.abort();
    await Promise.allSettled(this.#played);
  }

  #others<T extends { id: string }>(users: Iterable<T>): T[] {
    return [...users].filter(({ id }) => id !== this.#parts.client.user.id);
  }

  #flush(): void {
    const { tell } = this.#parts;
    if (this.#entries.length > 0) tell({ type: 'traffic', entries: this.#entries.splice(0) });
    tell({ type: 'tick', now: Date.now() });
  }

  #call(userId: string): void {
    const { client, makePeer, timeoutMs, tell } = this.#parts;
    const to = client.presence.users.get(userId);
    if (to === undefined) {
      tell({ type: 'note', text: 'that user is offline' });
      return;
    }
    const hangUp = new AbortController();
    const report = placeCall({
      client,
      to,
      callType: 'video',
      media: makePeer('video'),
      ringTimeoutMs: UNTIL_HUNG_UP_MS,
      mediaTimeoutMs: timeoutMs,
      holdMs: UNTIL_HUNG_UP_MS,
      signal: hangUp.signal,
      onPlaced: (call) => this.#follow(call, hangUp),
    });
    this.#play(report);
  }

  #ring(call: SignalingCall): void {
    this.#incoming.set(call.id, call);
    const row = this.#begin(call);
    if (this.#ringTimeoutMs !== undefined) this.#show({ ...row, ringsUntil: row.startedAt + this.#ringTimeoutMs });
    call.on('ended', ({ reason }) => {
      if (this.#incoming.delete(call.id)) this.#end(call.id, reason);
    });
  }

  #accept(callId: string): void {
    const call = this.#incoming.get(callId);
    if (call === undefined) return;
    this.#incoming.delete(callId);
    const hangUp = new AbortController();
    this.#follow(call, hangUp);
    const media = this.#parts.makePeer(call.callType);
    this.#answered(callId);
    const { timeoutMs } = this.#parts;
    this.#play(
      answerCall(call, { mode: 'accept', delayMs: 0, mediaTimeoutMs: timeoutMs, media, signal: hangUp.signal }),
    );
  }

  #reject(callId: string): void {
    const call = this.#incoming.get(callId);
    if (call === undefined) return;
    this.#incoming.delete(callId);
    this.#end(callId, 'rejected here');
    call.reject().catch((error: unknown) => this.#note(error));
  }

  #hangUp(callId: string): void {
    const playing = this.#playing.get(callId);
    if (playing === undefined) this.#reject(callId);
    else playing.abort();
  }

  #follow(call: SignalingCall, hangUp: AbortController): void {
    this.#playing.set(call.id, hangUp);
    if (!this.#rows.has(call.id)) this.#begin(call);
    call.on('accepted', () => this.#answered(call.id));
  }

  #play(report: Promise<CallReport>): void {
    const played = report.then(
      ({ callId, peer, outcome, reason }) => {
        const text = outcome === 'interrupted' ? 'hung up' : reason === null ? outcome : `${outcome}: ${reason}`;
        if (callId === null) this.#parts.tell({ type: 'note', text: `call to ${peer.username}: ${text}` });
        else {
          this.#playing.delete(callId);
          this.#end(callId, text);
        }
      },
      (error: unknown) => this.#note(error),
    );
    this.#played.add(played);
    void played.finally(() => this.#played.delete(played));
  }

  #begin({ id, peer, role, callType }: SignalingCall): CallRow {
    const row: CallRow = { callId: id, peer, role, callType, state: 'ringing', startedAt: Date.now() };
    this.#show(row);
    return row;
  }

  #answered(callId: string): void {
    const row = this.#rows.get(callId);
    if (row?.state === 'ringing') this.#show({ ...row, state: 'active', answeredAt: Date.now() });
  }

  #end(callId: string, outcome: string): void {
    const row = this.#rows.get(callId);
    if (row === undefined || row.state === 'over') return;
    this.#show({ ...row, state: 'over', endedAt: Date.now(), outcome });
    this.#parts.tell({ type: 'note', text: `call with ${row.peer.username}: ${outcome}` });
    this.#rows.delete(callId);
  }

  #show(row: CallRow): void {
    this.#rows.set(row.callId, row);
    this.#parts.tell({ type: 'call', call: row });
  }

  #note(error: unknown): void {
    this.#parts.tell({ type: 'note', text: error instanceof Error ? error.message : String(error) });
  }
}
