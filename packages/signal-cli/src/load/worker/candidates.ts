export type Side = 'caller' | 'callee';

export const OTHER_SIDE = { caller: 'callee', callee: 'caller' } as const satisfies Record<Side, Side>;

/** Which candidate it is: the user name fragment names call and side, the foundation the number. */
export interface CandidateTag {
  call: string;
  side: Side;
  index: number;
}

const PREFIX = 'candidate:';
const FIRST_FOUNDATION = 842_163_049;

/** Letters, digits, `+` and `/` (RFC 8839, section 5.4); also in the description of that side. */
export function fragmentOf(call: string, side: Side): string {
  return `${call}+${side === 'caller' ? 'o' : 'a'}`;
}

/** A candidate that is to be sent. */
export interface Candidate {
  line: string;
  /** All of it. */
  json: string;
}

export function makeCandidate({ call, side, index }: CandidateTag): Candidate {
  const fragment = fragmentOf(call, side);
  const port = 50_000 + index;
  const line = `${PREFIX}${FIRST_FOUNDATION + index} 1 udp 1677729535 192.0.2.17 ${port} typ srflx raddr 10.0.0.4 rport ${port} generation 0 ufrag ${fragment} network-cost 999`;
  // nothing in it that JSON would escape
  return { line, json: `{"candidate":"${line}","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"${fragment}"}` };
}

/** The tag of what has come; undefined when it has none of ours. */
export function readTag({
  candidate,
  usernameFragment,
}: Record<string, unknown>): (CandidateTag & { line: string }) | undefined {
  if (typeof candidate !== 'string' || typeof usernameFragment !== 'string') return undefined;
  const call = usernameFragment.slice(0, -2);
  const side = usernameFragment.slice(-2);
  const index = Number(candidate.slice(PREFIX.length, candidate.indexOf(' '))) - FIRST_FOUNDATION;
  if ((side !== '+o' && side !== '+a') || !Number.isInteger(index) || index < 0) return undefined;
  return { call, side: side === '+o' ? 'caller' : 'callee', index, line: candidate };
}

/** What became of a candidate: it came as it should, or what was wrong with it. */
export type Arrival = 'received' | 'duplicated' | 'reordered' | 'changed';

/** The candidates of one side of one call: what was sent, and what of it has come. */
export class CandidateFlow {
  readonly #sent: { line: string; at: number; isTimed: boolean }[] = [];
  readonly #arrived = new Set<number>();
  #highest = -1;

  get sent(): number {
    return this.#sent.length;
  }

  get missing(): number {
    return this.#sent.length - this.#arrived.size;
  }

  /** @param isTimed - whether its way is measured: what waits for the callee to answer is none */
  send(line: string, at: number, isTimed: boolean): void {
    this.#sent.push({ line, at, isTimed });
  }

  /** @returns what it is, and how long it was on its way where that is measured */
  arrive(index: number, line: unknown, at: number): { arrival: Arrival; ms?: number } {
    const sent = this.#sent[index];
    if (sent === undefined || sent.line !== line) return { arrival: 'changed' };
    if (this.#arrived.has(index)) return { arrival: 'duplicated' };
    this.#arrived.add(index);
    const isLate = index < this.#highest;
    this.#highest = Math.max(this.#highest, index);
    return { arrival: isLate ? 'reordered' : 'received', ...(sent.isTimed && { ms: at - sent.at }) };
  }
}
