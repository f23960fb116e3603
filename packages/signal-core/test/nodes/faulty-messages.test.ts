import type { ScriptedClient } from 'signal-core/testing';
import { expect, test } from 'vitest';
import type { CallId } from '../../src/domain/ids.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, candidate, OFFER } from '../e2e/session-descriptions.ts';
import { Dice } from '../fuzz/dice.ts';
import { fuzzSeed } from '../fuzz/scale.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { RESUMING } from './move-steps.ts';
import { type NodesStage, startNodes } from './two-nodes.ts';

const IS_FULL = process.env.TEST_SCALE === 'full';
const ROUNDS = IS_FULL ? 100 : 20;
const PAIRS = IS_FULL ? 30 : 10;

/** By then both sides know, in milliseconds. */
const SOON_MS = 10_000;

/** Calls that live, as somebody knows of them. */
type Standing = Record<CallId, 'ringing' | 'active'>;

/** What one device was told, and what it did, is all that it knows. */
class Believer {
  client: ScriptedClient;
  belief: Standing = {};
  losses = 0;
  /** How often a node closed its transport, since something is missing. */
  interruptions = 0;
  #isLost = false;
  #said = 0;
  #points: Record<CallId, object> = {};

  constructor(client: ScriptedClient) {
    this.client = client;
    this.#attend();
  }

  /** Waits until what is under way has arrived, or never will. */
  arrived(): Promise<void> {
    return this.#ask('ping', null, () => {});
  }

  call(to: string, callId: string): Promise<void> {
    return this.#ask('call_user', { to, callType: 'video', offer: OFFER, callId }, () => {
      // whoever dials anew has hung up what still rang
      const former = Object.keys(this.belief).find((id) => id.startsWith(this.client.id) && id !== callId);
      if (former !== undefined && this.belief[former] === 'ringing') this.#over(former);
    });
  }

  accept(callId: string): Promise<void> {
    return this.#ask('accept_call', { callId, answer: ANSWER }, () => this.#set(callId, 'active'));
  }

  end(event: 'end_call' | 'reject_call', callId: string): Promise<void> {
    return this.#ask(event, { callId }, () => this.#over(callId));
  }

  /** Says something of the call, and sends a candidate, each with the next number. */
  say(callId: CallId, to: Believer): void {
    if (this.isAway()) return;
    this.#said += 1;
    this.client.send('call_info', { callId, data: this.#said });
    this.client.send('ice_candidate', { to: to.client.id, callId, candidate: candidate(this.#said) });
  }

  /** Its connection breaks. */
  async lose(): Promise<void> {
    if (!this.client.socket.connected) return;
    this.#isLost = true;
    await this.client.cutWire();
  }

  /** Whether it lost its connection, or was interrupted because something is missing. */
  isAway(): boolean {
    return !this.client.socket.connected;
  }

  /** It comes back as pages do, wherever it is sent. */
  async comeBack(join: (resume: object[]) => Promise<ScriptedClient>): Promise<void> {
    if (this.#isLost) this.losses += 1;
    else this.interruptions += 1;
    this.#isLost = false;
    const known = Object.keys(this.belief).map((callId) => {
      const point = resumePoint(this.client, callId);
      // since it came it may have heard nothing of the call
      return [callId, point.lastSeq > 0 ? { ...this.#points[callId], ...point } : (this.#points[callId] ?? point)];
    });
    this.#points = Object.fromEntries(known);
    this.client = await join(Object.values(this.#points));
    this.#attend();
  }

  /** The numbers of what the other one said, or of the candidates, since it came; of all calls, which follow each other. */
  heard(name: 'call_info' | 'ice_candidate'): number[] {
    return this.client.log.flatMap(({ event, payload }) => {
      const word = Object(payload);
      return event === name ? [Number(word.data ?? /:(\d+)/.exec(word.candidate?.candidate)?.[1])] : [];
    });
  }

  #attend(): void {
    for (const { event, payload } of this.client.log) this.#hear(event, Object(payload));
    this.client.socket.onAny((event: string, payload: unknown) => this.#hear(event, Object(payload)));
  }

  #ask(event: string, payload: object | null, onOk: () => void): Promise<void> {
    const { socket } = this.client;
    return new Promise((resolve) => {
      if (!socket.connected) return resolve();
      const giveUp = () => resolve();
      socket.once('disconnect', giveUp);
      socket.emit(event, payload, ({ ok }: { ok: boolean }) => {
        socket.off('disconnect', giveUp);
        if (ok) onOk();
        resolve();
      });
    });
  }

  #hear(
    event: string,
    { callId = '', status, calls = [] }: { callId?: CallId; status?: string; calls?: unknown[] },
  ): void {
    if (event === 'incoming_call' || (event === 'call_status' && status === 'ringing')) this.#set(callId, 'ringing');
    else if (event === 'call_accepted') this.#set(callId, 'active');
    else if (event === 'call_ended' || event === 'call_rejected') this.#over(callId);
    else if (event === 'join_success') this.belief = standing(calls.map((call) => Object(call)));
  }

  #set(callId: CallId, status: Standing[CallId]): void {
    // an answer may come before the ring that it is about
    if (this.belief[callId] !== 'active') this.belief = { ...this.belief, [callId]: status };
  }

  #over(callId: CallId): void {
    const { [callId]: _, ...rest } = this.belief;
    this.belief = rest;
  }
}

const isOnceAndInOrder = (numbers: number[]) => numbers.every((n, at) => at === 0 || n > (numbers[at - 1] ?? n));

function standing(calls: { callId: CallId; status: string }[]): Standing {
  const live = calls.flatMap(({ callId, status }) =>
    status === 'ringing' || status === 'active' ? [[callId, status] as const] : [],
  );
  return Object.fromEntries(live);
}

/** Two at different nodes who call each other over and over. */
interface Pair {
  parties: readonly [Believer, Believer];
  truth: Standing;
  calls: number;
}

function talk(callId: CallId, [one, other]: Pair['parties']): void {
  one.say(callId, other);
  other.say(callId, one);
}

async function act(pair: Pair, dice: Dice): Promise<void> {
  const { truth, parties } = pair;
  if (dice.chance(0.15)) await dice.pick(parties).lose();
  const [one, other] = dice.chance(0.5) ? parties : [parties[1], parties[0]];
  const [call] = Object.entries(truth);
  if (call === undefined) {
    pair.calls += 1;
    return one.call(other.client.id, `${one.client.id}-${pair.calls}`);
  }
  const [callId, status] = call;
  if (status === 'active') {
    if (dice.chance(0.4)) return one.end('end_call', callId);
    for (let word = 0; word < 5; word += 1) talk(callId, parties);
    return;
  }
  talk(callId, parties);
  const [caller, callee] = callId.startsWith(one.client.id) ? [one, other] : [other, one];
  if (dice.chance(0.7)) return callee.accept(callId);
  return dice.chance(0.5) ? callee.end('reject_call', callId) : caller.end('end_call', callId);
}

async function pairsOf(stage: NodesStage): Promise<Pair[]> {
  return Promise.all(
    Array.from({ length: PAIRS }, async (_, n) => {
      const [left, right] = [
        await stage.join(n % 3, `left-${n}.`, RESUMING),
        await stage.join((n + 1) % 3, `right-${n}.`, RESUMING),
      ];
      return { parties: [new Believer(left), new Believer(right)] as const, truth: {}, calls: 0 };
    }),
  );
}

test(`[NODE-2] [NODE-4] [NODE-8] 5 % of the messages between nodes lost, 5 % twice, 5 % late: ${ROUNDS} rounds of ${PAIRS} calls are right on both sides in 10 s`, {
  timeout: 600_000,
}, async () => {
  const dice = new Dice(fuzzSeed('messages between nodes'));
  const stage = await startNodes({
    count: 3,
    limits: 'off',
    before: (stores) => withFaultyBus(stores, dice, { lost: 0.05, twice: 0.05, late: 0.05 }),
  });
  const pairs = await pairsOf(stage);
  const believers = pairs.flatMap(({ parties }) => parties);
  const comeBack = (believer: Believer) =>
    believer.comeBack((resume) => stage.join(dice.int(3), believer.client.id, { ...RESUMING, resume }));
  /** A node waits for what another one is to hand over, which may be lost: so time goes on meanwhile. */
  const allBack = async () => {
    let isOver = false;
    const coming = Promise.all(believers.filter((each) => each.isAway()).map(comeBack));
    const over = () => {
      isOver = true;
    };
    coming.then(over, over);
    for (await null; !isOver; await new Promise((resolve) => setImmediate(resolve))) await stage.clock.advance(10);
    await coming;
  };
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await stage.clock.advance(0);
      await Promise.all(believers.map((believer) => believer.arrived()));
      await allBack();
    }
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    // some of it at the same time as what it follows is under way
    for (let deed = 0; deed < 1 + dice.int(2); deed += 1) await Promise.all(pairs.map((pair) => act(pair, dice)));
    for (const until = stage.clock.now() + SOON_MS; stage.clock.now() < until; ) {
      await stage.clock.advance(1_000);
      await settle();
    }
    const live = (await stage.nodes[0]?.signaling.activeCalls()) ?? [];
    for (const pair of pairs) {
      const ids = pair.parties.map(({ client }) => client.id);
      const calls = live.filter(({ from }) => ids.includes(from.id));
      for (const each of pair.parties) {
        expect(each.heard('call_info')).toSatisfy(isOnceAndInOrder);
        expect(each.heard('ice_candidate')).toSatisfy(isOnceAndInOrder);
      }
      pair.truth = standing(calls.map(({ id, status }) => ({ callId: id, status })));
      expect([round, ...pair.parties.map(({ belief }) => belief)]).toEqual([round, pair.truth, pair.truth]);
    }
  }
  const calls = pairs.reduce((sum, pair) => sum + pair.calls, 0);
  const sum = (count: (believer: Believer) => number) => believers.reduce((total, each) => total + count(each), 0);
  const [losses, interruptions] = [sum((each) => each.losses), sum((each) => each.interruptions)];
  for (const name of ['call_info', 'ice_candidate'] as const)
    expect(sum((each) => each.heard(name).length)).toBeGreaterThan(PAIRS);
  process.stdout.write(
    `figures of messages between nodes: calls=${calls} losses=${losses} interruptions=${interruptions}\n`,
  );
});
