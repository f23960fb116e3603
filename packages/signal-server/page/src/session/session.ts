import {
  type ClosedReason,
  type SignalingCall,
  SignalingClient,
  SignalingError,
  type UserRef,
} from 'signal-core/client';
import type { CallType, PageState } from '../state/page-state.js';
import { loggedOut, type PageEvent, reduce } from '../state/reduce.js';
import { CallSession, type CallStreams } from './call-session.js';
import { LoginError, logIn } from './log-in.js';

/** Where the name is remembered, for this tab; each page is a device of its own. */
const NAME_KEY = 'signal.name';

/** The one object behind the page: what a person does goes in, states come out. */
export class Session {
  readonly #path: string;
  readonly #onState: (state: PageState) => void;
  #state: PageState;
  #client: SignalingClient | undefined;
  #ringing = new Map<string, SignalingCall>();
  #call: CallSession | undefined;

  /** @param path - of the Socket.IO endpoint */
  constructor(path: string, onState: (state: PageState) => void) {
    this.#path = path;
    this.#onState = onState;
    this.#state = loggedOut(sessionStorage.getItem(NAME_KEY) ?? '');
  }

  get state(): PageState {
    return this.#state;
  }

  get streams(): CallStreams | undefined {
    return this.#call?.streams;
  }

  /** Goes online again under the name that this tab remembers. */
  resume(): void {
    const name = sessionStorage.getItem(NAME_KEY);
    if (name !== null) void this.logIn(name);
  }

  async logIn(name: string): Promise<void> {
    this.#dispatch({ type: 'logging_in', name });
    try {
      const user = await logIn(name);
      await this.#goOnline(user);
      sessionStorage.setItem(NAME_KEY, user.username);
    } catch (error) {
      this.#dispatch({ type: 'logged_out', name, problem: problemOf(error) });
    }
  }

  async logOut(): Promise<void> {
    sessionStorage.removeItem(NAME_KEY);
    await this.#client?.close();
  }

  /** @param takesLess - whether to call also without a camera or microphone */
  call(peer: UserRef, callType: CallType, takesLess = false): void {
    if (this.#client === undefined || this.#call !== undefined) return;
    this.#dispatch({ type: 'call_begins', role: 'caller', peer, callType });
    this.#begin({ peer, callType, takesLess });
  }

  /** Answers; a call that goes on is hung up for it. */
  async answer(id: string): Promise<void> {
    const incoming = this.#ringing.get(id);
    if (incoming === undefined) return;
    await this.#call?.hangUp();
    this.#ringing.delete(id);
    const { peer, callType } = incoming;
    this.#dispatch({ type: 'call_begins', role: 'callee', peer, callType, id });
    this.#begin({ peer, callType, incoming });
  }

  async decline(id: string): Promise<void> {
    await this.#ringing.get(id)?.reject();
  }

  async hangUp(): Promise<void> {
    await this.#call?.hangUp();
  }

  setMuted(isMuted: boolean): void {
    this.#call?.setMuted(isMuted);
  }

  setCamera(isOn: boolean): void {
    void this.#call?.setCamera(isOn);
  }

  setScreen(isOn: boolean): void {
    void this.#call?.setScreen(isOn);
  }

  dismissNotice(): void {
    this.#dispatch({ type: 'notice_read' });
  }

  async #goOnline(user: UserRef): Promise<void> {
    const client = new SignalingClient({ url: location.origin, path: this.#path, user });
    client.on('incomingCall', (call) => this.#onIncoming(call));
    client.on('state', (state) => {
      if (state === 'joined' || state === 'reconnecting') {
        this.#dispatch({ type: 'link', isLinked: state === 'joined' });
      }
    });
    client.presence.on('change', () => this.#onPeople(client));
    // calls that ring already come with the answer to `join`
    const unlisten = client.on('state', (state) => {
      if (state === 'joined') this.#onOnline(client);
    });
    await client.connect();
    unlisten();
    client.on('closed', (reason) => this.#onClosed(client, reason));
  }

  #onOnline(client: SignalingClient): void {
    if (this.#client === client) return;
    this.#client = client;
    this.#dispatch({ type: 'online', me: client.user });
    this.#onPeople(client);
    for (const call of this.#ringing.values()) this.#showRinging(call);
  }

  #onPeople(client: SignalingClient): void {
    this.#dispatch({ type: 'people', people: [...client.presence.users.values()] });
  }

  #onIncoming(call: SignalingCall): void {
    this.#ringing.set(call.id, call);
    this.#showRinging(call);
    call.on('ended', (end) => {
      this.#ringing.delete(call.id);
      const { state } = this;
      const isMine = state.at === 'online' && end.by === state.me.id && end.reason !== 'answered_elsewhere';
      this.#dispatch({ type: 'rings_no_more', id: call.id, end, isMine });
    });
  }

  #showRinging({ id, peer, callType }: SignalingCall): void {
    this.#dispatch({ type: 'rings', incoming: { id, peer, callType } });
  }

  #begin(target: { peer: UserRef; callType: CallType; incoming?: SignalingCall; takesLess?: boolean }): void {
    const client = this.#client;
    if (client === undefined) return;
    const call: CallSession = new CallSession({
      ...target,
      client,
      dispatch: (event) => {
        if (this.#call === call) this.#dispatch(event);
      },
      onOver: () => {
        if (this.#call === call) this.#call = undefined;
      },
    });
    this.#call = call;
    void call.start();
  }

  #onClosed(client: SignalingClient, reason: ClosedReason): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#ringing.clear();
    const name = client.user.username;
    this.#dispatch({ type: 'logged_out', name, problem: CLOSED_WORDS[reason] });
  }

  #dispatch(event: PageEvent): void {
    this.#state = reduce(this.#state, event);
    this.#onState(this.#state);
  }
}

const CLOSED_WORDS: Record<ClosedReason, string | undefined> = {
  left: undefined,
  replaced: 'This page was opened again somewhere else.',
  dismissed: 'The server sent this page away.',
  unreachable: 'The server did not come back.',
  refused: 'The server did not let this page in again.',
};

function problemOf(error: unknown): string {
  if (error instanceof LoginError) return error.message;
  if (error instanceof SignalingError && error.code === 'unavailable') {
    return `Calls do not get through to the server. A page of this address may not be allowed there: start it with --cors-origin ${location.origin}.`;
  }
  return error instanceof Error ? error.message : String(error);
}
