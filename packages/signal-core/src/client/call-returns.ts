import type { Joined, Link } from './link.js';
import type { LiveCall } from './live-call.js';
import { standingOf } from './standing.js';

/** How long the other end may take to be back after a restart, when the server does not say, in milliseconds. */
const GRACE_MS = 15_000;
/** The call is over, somebody else's, or not allowed, as far as the server is concerned. */
const FINAL_CODES = ['call_not_found', 'forbidden', 'invalid_payload'];
/** What the peer's return may take to be told here, in milliseconds. */
const LAST_WORD_MS = 1_000;
/** How often a call is placed again whose callee is not back. */
const RETRY_MS = 500;

/**
 * Brings calls over a loss: those that the server kept go on, those that it lost are restored or placed again.
 *
 * @see SPEC.md, rules CLIENT-7 to CLIENT-9 and RESUME-7
 */
export class CallReturns {
  /** Calls that wait for their other end, until when. */
  readonly #waiting = new Map<LiveCall, ReturnType<typeof setTimeout>>();
  /** Calls that the server was told of, since it did not know them. */
  readonly #claimed = new WeakSet<LiveCall>();
  #link: Link | undefined;
  /** How long the other ends are waited for, in epoch milliseconds. */
  #until = 0;

  open(calls: Iterable<LiveCall>, link: Link, joined: Joined): void {
    this.#link = link;
    this.#until = Date.now() + (joined.graceMs ?? GRACE_MS);
    for (const call of calls) this.#bringBack(call, link, joined);
  }

  /** The connection is lost again. */
  hold(): void {
    this.#link = undefined;
    for (const call of this.#waiting.keys()) this.#stopWaiting(call);
  }

  /** The server says that the peer is there again: it claims the call too. */
  onPeerBack(call: LiveCall): void {
    const wasClaimed = this.#claimed.has(call);
    if (this.#stopWaiting(call) || (wasClaimed && call.state === 'ringing')) this.#restored(call);
  }

  /** A call that is active here rings: its caller does not know that it was answered. */
  onRungAgain(call: LiveCall): void {
    call.acceptAgain();
    this.release(call);
  }

  /** The call waits for nobody: what it has to say can be said. */
  release(call: LiveCall): void {
    this.#stopWaiting(call);
    if (this.#link !== undefined) call.sender.outbox.open(this.#link);
  }

  #bringBack(call: LiveCall, link: Link, joined: Joined): void {
    const { outbox } = call.sender;
    const isNew = call.role === 'caller' && !outbox.wasUsed;
    const standing = call.state === 'ended' || isNew ? 'whole' : standingOf(call, joined);
    switch (standing) {
      case 'whole':
        outbox.open(link);
        break;
      case 'gap':
        if (isActive(call, joined)) call.activate();
        outbox.open(link);
        if (call.state === 'active') call.emit('unrecovered');
        break;
      case 'unknown':
        this.#claim(call, link);
        break;
      case 'gone':
        call.finish({ reason: isActive(call, joined) ? 'answered_elsewhere' : 'peer_disconnected' });
        break;
      default:
        standing satisfies never;
    }
  }

  /** Says what the call was. Of a call that ended meanwhile the server still knows, and refuses. */
  #claim(call: LiveCall, link: Link): void {
    const { id: callId, role, callType, peer } = call;
    link.request('call_restore', { callId, peer: peer.id, role, callType }, (answer) => {
      if (answer === undefined || call.state === 'ended') return;
      if (answer.ok && answer.status === 'active') this.#restored(call);
      else if (answer.ok && call.state === 'ringing') {
        this.#claimed.add(call);
        this.#placeAgain(call, link);
      } else if (!answer.ok && FINAL_CODES.includes(answer.error.code)) call.finish({ reason: 'peer_disconnected' });
      else this.#wait(call);
    });
  }

  /** The callee may be back a little later than the caller. */
  #placeAgain(call: LiveCall, link: Link): void {
    call.placeAgain(({ code }) => {
      if (code !== 'user_offline' || Date.now() > this.#until) return call.finish({ reason: code });
      call.sender.outbox.hold();
      this.#waiting.set(
        call,
        setTimeout(() => this.#claim(call, link), RETRY_MS),
      );
    });
    call.sender.outbox.open(link);
  }

  #wait(call: LiveCall): void {
    this.#stopWaiting(call);
    const giveUp = () => {
      if (this.#stopWaiting(call)) call.finish({ reason: 'peer_disconnected' });
    };
    this.#waiting.set(call, setTimeout(giveUp, this.#until + LAST_WORD_MS - Date.now()));
    call.emit('peerReconnecting');
  }

  #stopWaiting(call: LiveCall): boolean {
    clearTimeout(this.#waiting.get(call));
    return this.#waiting.delete(call);
  }

  #restored(call: LiveCall): void {
    if (this.#link === undefined) return;
    call.activate();
    call.sender.outbox.open(this.#link);
    call.emit('unrecovered');
  }
}

function isActive({ id }: LiveCall, { calls = [] }: Joined): boolean {
  return calls.some(({ callId, status }) => callId === id && status === 'active');
}
