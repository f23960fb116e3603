import { randomUUID } from 'node:crypto';
import { percentile } from '../report/statistics.js';
import type { Client } from './client.js';
import { onSchedule, type Schedule } from './on-schedule.js';
import { makeCandidate, makePayloads, type Payloads } from './payloads.js';
import type { Incoming, Leg } from './protocols/protocol.js';

/** What has not arrived so long after the last one was sent counts as not arrived. */
const LAST_ARRIVAL_MS = 2_000;
const ESTABLISHED_WITHIN_MS = 10_000;

interface Side {
  client: Client;
  leg: Leg;
  payloads: Payloads;
  sent: number;
  /** Candidates of this side on their way, the oldest first. */
  underWay: { line: string; sentAt: number }[];
}

export interface SteadyResult {
  /** Milliseconds from sending a candidate to receiving it; of one that never arrived, until it was given up. */
  candidateMs: { p50: number; p99: number; max: number };
  candidates: number;
  /** Of these, those that never arrived. */
  missing: number;
  /** How late this process was with its own schedule: 99 % were less. */
  lateP99Ms: number;
  driverCpuSeconds: number;
}

/** Calls that are answered once and then stay, each side sending a candidate now and then. */
export class SteadyCalls {
  readonly #sides: Side[] = [];
  #latencies: number[] = [];
  #fault: string | undefined;

  /** @throws Error when a call is not answered */
  async establish(clients: readonly Client[]): Promise<void> {
    for (let index = 0; index + 1 < clients.length; index += 2) {
      const [caller, callee] = [clients[index], clients[index + 1]];
      if (caller !== undefined && callee !== undefined) await this.#call(index, caller, callee);
    }
  }

  /**
   * Sends candidates, side after side, and measures how long each takes.
   *
   * @throws Error when one was lost, repeated, changed or out of order
   */
  async run(schedule: Schedule, halt: AbortSignal): Promise<SteadyResult> {
    const cpuAtStart = process.cpuUsage();
    this.#latencies = [];
    let turn = 0;
    const late = await onSchedule(schedule, () => this.#sendFrom(turn++ % this.#sides.length), halt);
    const deadline = performance.now() + LAST_ARRIVAL_MS;
    while (this.#underWay.length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (this.#fault !== undefined) throw new Error(this.#fault);
    const givenUp = this.#underWay.map(({ sentAt }) => performance.now() - sentAt);
    const sorted = Float64Array.from([...this.#latencies, ...givenUp]).sort();
    const cpu = process.cpuUsage(cpuAtStart);
    return {
      candidateMs: { p50: percentile(sorted, 50), p99: percentile(sorted, 99), max: sorted.at(-1) ?? Number.NaN },
      candidates: sorted.length,
      missing: givenUp.length,
      lateP99Ms: percentile(Float64Array.from(late).sort(), 99),
      driverCpuSeconds: (cpu.user + cpu.system) / 1e6,
    };
  }

  get #underWay(): { sentAt: number }[] {
    return this.#sides.flatMap(({ underWay }) => underWay);
  }

  #call(number: number, callerClient: Client, calleeClient: Client): Promise<void> {
    const callId = randomUUID();
    const caller = makeSide(callId, callerClient, calleeClient, makePayloads('offer', number));
    const callee = makeSide(callId, calleeClient, callerClient, makePayloads('answer', number));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('a call was not answered')), ESTABLISHED_WITHIN_MS);
      calleeClient.listener = (incoming, text) => {
        if (incoming.kind === 'offer') {
          callee.leg.callId = incoming.callId;
          caller.leg.callId = incoming.callId;
          calleeClient.send(calleeClient.protocol.accept(callee.leg, callee.payloads.description));
        } else this.#receive(incoming, text, caller);
      };
      callerClient.listener = (incoming, text) => {
        if (incoming.kind === 'answer') {
          clearTimeout(timer);
          this.#sides.push(caller, callee);
          resolve();
        } else this.#receive(incoming, text, callee);
      };
      caller.leg.sent = 1;
      callee.leg.sent = 1;
      callerClient.send(callerClient.protocol.call(caller.leg, caller.payloads.description));
    });
  }

  #sendFrom(index: number): void {
    const side = this.#sides[index];
    if (side === undefined) return;
    const { client, leg, payloads } = side;
    const { json, line } = makeCandidate(side.sent++, payloads.ufrag);
    leg.sent += 1;
    side.underWay.push({ line, sentAt: performance.now() });
    client.send(client.protocol.candidate(leg, json));
  }

  #receive({ kind }: Incoming, text: string, from: Side): void {
    if (kind === 'candidate') {
      const expected = from.underWay.shift();
      if (expected !== undefined && text.includes(expected.line)) {
        this.#latencies.push(performance.now() - expected.sentAt);
      } else this.#fault ??= 'a candidate was lost, repeated, changed or out of order';
    }
    if (kind === 'end' || kind === 'refusal') this.#fault ??= text.slice(0, 200);
  }
}

function makeSide(callId: string, client: Client, peer: Client, payloads: Payloads): Side {
  return { client, payloads, leg: { self: client.user, peer: peer.user, callId, sent: 0 }, sent: 0, underWay: [] };
}
