import type { IceCandidate, SessionDescription } from 'signal-core/protocol';
import type { Connection } from './connection.js';
import { deferred } from './deferred.js';
import type { MediaPeer } from './media-peer.js';
import type { Ending } from './outcome.js';

interface LegOptions {
  connection: Connection;
  peer: MediaPeer;
  /** User id of the other party. */
  to: string;
  /** Absent until the server has told it: legacy servers choose the id themselves. */
  callId?: string;
  /** Ends the call when aborted. */
  signal: AbortSignal;
}

/** One device's end of one call: carries candidates both ways, and knows when it was answered and when it is over. */
export class CallLeg {
  readonly #options: LegOptions;
  readonly #ended = deferred<Ending>();
  readonly #accepted = deferred<SessionDescription<'answer'>>();
  readonly #undo: (() => void)[] = [];
  #proven = false;
  callId: string | undefined;

  constructor(options: LegOptions) {
    this.#options = options;
    this.callId = options.callId;
    options.peer.proven.then(
      () => {
        this.#proven = true;
      },
      () => {},
    );
    this.#listen();
  }

  /** Resolves with the answer when the call is accepted. */
  get accepted(): Promise<SessionDescription<'answer'>> {
    return this.#accepted.promise;
  }

  /** Resolves, once, with the first reason why the call is over. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  /** Whether the media has been proven so far. */
  get proven(): boolean {
    return this.#proven;
  }

  end(ending: Ending): void {
    this.#ended.resolve(ending);
  }

  /** Trickles the local candidates, those found so far at once. */
  sendCandidates(): void {
    const { connection, peer, to } = this.#options;
    peer.onCandidate((candidate) => {
      const call = this.callId === undefined ? {} : { callId: this.callId };
      connection.send('ice_candidate', { to, ...call, candidate });
    });
  }

  /** Tells the server, if the call may still be live there. */
  async hangUp(): Promise<void> {
    if (this.callId === undefined) return;
    // Both may hang up at once: the later one is refused, which changes nothing.
    await this.#options.connection.request('end_call', { callId: this.callId }).catch(() => {});
  }

  /** Removes what was added. */
  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#options.peer.close();
  }

  #listen(): void {
    const { connection, peer, to, signal } = this.#options;
    const interrupt = () => this.end({ kind: 'interrupted' });
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    void connection.lost.then((failure) => this.end({ kind: 'failure', message: failure.message }));
    this.#undo.push(
      () => signal.removeEventListener('abort', interrupt),
      connection.on('call_status', ({ callId, status }) => {
        this.callId ??= callId;
        if (status === 'user_offline' && this.#isMine(callId)) this.end({ kind: 'user_offline' });
      }),
      connection.on('call_accepted', ({ callId, answer }) => {
        this.callId ??= callId;
        if (this.#isMine(callId)) this.#accepted.resolve(answer);
      }),
      connection.on('call_rejected', ({ callId, reason }) => {
        if (this.#isMine(callId)) this.end({ kind: 'call_rejected', reason });
      }),
      connection.on('call_ended', ({ callId, reason }) => {
        if (this.#isMine(callId)) this.end({ kind: 'call_ended', reason });
      }),
      connection.on('ice_candidate', (payload: { callId?: string; from: string; candidate: IceCandidate | null }) => {
        if (payload.from === to && (payload.callId === undefined || this.#isMine(payload.callId))) {
          peer.addCandidate(payload.candidate);
        }
      }),
    );
  }

  #isMine(callId: string): boolean {
    return this.callId === undefined || this.callId === callId;
  }
}
