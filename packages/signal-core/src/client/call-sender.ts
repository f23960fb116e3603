import type { ClientEvent, ClientPayload } from '../protocol/client-events.js';
import { type Ack, SignalingError } from '../protocol/errors.js';
import type { UserRef } from '../protocol/server-events.js';
import type { IceCandidate } from '../protocol/signal.js';
import { CandidateBatch } from './candidate-batch.js';
import { signalingError } from './link.js';
import { Outbox } from './outbox.js';

export interface SenderOptions {
  readonly peer: UserRef;
  /** Legacy servers choose it themselves, so that it may change. */
  callId(): string;
  /** Whether the server knows the legacy protocol only. */
  isLegacy(): boolean;
  /** Candidates were refused. */
  onRefused(error: SignalingError): void;
  /** Everything said has been answered. */
  onEmpty(): void;
}

type Signal = 'session_description' | 'call_info' | 'ice_candidates';

/** What one end of a call says: commands, and numbered signals, in the order they were said. */
export class CallSender {
  readonly outbox: Outbox;
  readonly #options: SenderOptions;
  readonly #candidates = new CandidateBatch((candidates) => this.#sendCandidates(candidates));

  constructor(options: SenderOptions) {
    this.#options = options;
    this.outbox = new Outbox(() => options.onEmpty());
  }

  command<E extends ClientEvent>(event: E, payload: ClientPayload<E>, onAnswer: (answer: Ack) => void): void {
    this.#candidates.flush();
    this.outbox.add(event, payload, onAnswer);
  }

  /** @throws SignalingError as the server refuses it */
  async signal<E extends Signal>(event: E, payload: Omit<ClientPayload<E>, 'callId' | 'seq'>): Promise<void> {
    if (this.#options.isLegacy()) throw new SignalingError('unavailable', `this server does not know ${event}`);
    this.#candidates.flush();
    const answer = await this.#number(event, payload);
    if (!answer.ok) throw signalingError(answer.error);
  }

  candidate(candidate: IceCandidate | null): void {
    this.#candidates.add(candidate);
  }

  /** Nothing that is not answered yet matters any more. */
  silence(): void {
    this.#candidates.clear();
    this.outbox.discard({ code: 'invalid_state', message: 'the call is over' });
  }

  #sendCandidates(candidates: (IceCandidate | null)[]): void {
    const { isLegacy, onRefused, peer } = this.#options;
    if (!isLegacy()) {
      void this.#number('ice_candidates', { candidates }).then((answer) => {
        if (!answer.ok) onRefused(signalingError(answer.error));
      });
      return;
    }
    for (const candidate of candidates) this.outbox.add('ice_candidate', { to: peer.id, candidate });
  }

  #number<E extends Signal>(event: E, payload: Omit<ClientPayload<E>, 'callId' | 'seq'>): Promise<Ack> {
    // the member that was left out has just been put in
    const named = { callId: this.#options.callId(), ...payload } as Omit<ClientPayload<E>, 'seq'>;
    return new Promise((resolve) => this.outbox.addNumbered(event, named, resolve));
  }
}
