import { setTimeout as delay } from 'node:timers/promises';
import type { SignalingCall, SignalingClient } from 'signal-core/client';
import type { UserRef } from 'signal-core/protocol';
import { answerCall } from '../session/answer-call.js';
import type { CallReport } from '../session/call-report.js';
import { fieldsOf } from '../session/fields.js';
import type { MediaPeer } from '../session/media-peer.js';
import { placeCall } from '../session/place-call.js';
import { milestone, type TimelineEntry } from '../session/timeline.js';
import type { CallRow } from './calls/calls.js';
import type { Happening } from './happening.js';
import type { Wish } from './pressed.js';
import type { KnownPerson } from './roster/roster.js';
import type { ServerFigures } from './server/figures.js';

/** Longer than anybody looks at a dashboard: the most that a timer takes. */
const UNTIL_HUNG_UP_MS = 2 ** 31 - 1;
/** How often events go to the screen, and the server is asked how it is, in milliseconds. */
const TELL_EVERY_MS = 100;
const FIGURES_EVERY_MS = 3_000;

/** Longest wait for the server to know that calls are over, in milliseconds. */
const HANG_UP_MS = 2_000;

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
  /** Who has come or gone since the screen was told: in a storm the last of each counts. */
  #people = new Map<string, KnownPerson>();
  #ringTimeoutMs: number | undefined;

  constructor(parts: Parts) {
    const { client, tell } = parts;
    this.#parts = parts;
    const { presence } = client;
    this.#meet(presence.users.values(), true);
    presence.on('change', ({ joined, left }) => {
      this.#meet(left, false);
      this.#meet(joined, true);
    });
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

  /** Hangs up, and waits until the server knows, if it says so in time. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const playing of this.#playing.values()) playing.abort();
    await Promise.race([Promise.allSettled(this.#played), delay(HANG_UP_MS, undefined, { ref: false })]);
  }

  #meet(users: Iterable<UserRef>, isOnline: boolean): void {
    for (const { id, username } of users) {
      if (id !== this.#parts.client.user.id) this.#people.set(id, { id, username, isOnline });
    }
  }

  #flush(): void {
    const { tell } = this.#parts;
    if (this.#entries.length > 0) tell({ type: 'traffic', entries: this.#entries.splice(0) });
    if (this.#people.size > 0) tell({ type: 'people', people: [...this.#people.values()] });
    this.#people.clear();
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
    const media = makePeer('video');
    const report = placeCall({
      client,
      to,
      callType: 'video',
      media,
      ringTimeoutMs: UNTIL_HUNG_UP_MS,
      mediaTimeoutMs: timeoutMs,
      holdMs: UNTIL_HUNG_UP_MS,
      signal: hangUp.signal,
      onPlaced: (call) => this.#follow(call, media, hangUp),
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
    const hangUp = new AbortController();
    const media = this.#parts.makePeer(call.callType);
    this.#follow(call, media, hangUp);
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

  #follow(call: SignalingCall, media: MediaPeer, hangUp: AbortController): void {
    media.proven.then(
      () => this.#tellMedia(call.id, media),
      () => {},
    );
    this.#playing.set(call.id, hangUp);
    // of two who call each other at once, the one that rang here is taken
    this.#incoming.delete(call.id);
    if (!this.#rows.has(call.id)) this.#begin(call);
    // the answer may have come in one piece with the ringing
    if (call.state === 'active') this.#answered(call.id);
    else call.on('accepted', () => this.#answered(call.id));
  }

  /** A step of the ladder that is on no wire. */
  #tellMedia(callId: string, media: MediaPeer): void {
    const report = media.report();
    if (report.kind !== 'scripted' || report.verified !== true) return;
    this.observe({ ...milestone('verified', `${report.candidatesReceived} candidates, as recorded`), callId });
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
