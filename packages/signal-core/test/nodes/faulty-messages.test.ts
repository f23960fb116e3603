import type { ScriptedClient } from 'signal-core/testing';
import { expect, test } from 'vitest';
import type { CallId } from '../../src/domain/ids.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';
import { Dice } from '../fuzz/dice.ts';
import { fuzzSeed } from '../fuzz/scale.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { RESUMING } from './move-steps.ts';
import { type NodesStage, startNodes } from './two-nodes.ts';

const IS_FULL = process.env.TEST_SCALE === 'full';
const ROUNDS = IS_FULL ? 100 : 10;
const PAIRS = IS_FULL ? 30 : 10;

/** By then both sides know, in milliseconds. */
const SOON_MS = 10_000;

/** Calls that live, as somebody knows of them. */
type Standing = Record<CallId, 'ringing' | 'active'>;

/** What one device was told, and what it did, is all that it knows. */
class Believer {
  readonly client: ScriptedClient;
  belief: Standing = {};
  losses = 0;

  constructor(client: ScriptedClient) {
    this.client = client;
    client.socket.onAny((event: string, payload: unknown) => this.#hear(event, Object(payload)));
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

  /** Its transport was closed because something is missing: it comes back, as pages do. */
  async comeBack(): Promise<void> {
    if (this.client.socket.connected || this.client.user === undefined) return;
    this.losses += 1;
    const resume = Object.keys(this.belief).map((callId) => resumePoint(this.client, callId));
    this.client.user = { ...this.client.user, resume };
    await this.client.comeBack();
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

async function act(pair: Pair, dice: Dice): Promise<void> {
  const { truth, parties } = pair;
  const [one, other] = dice.chance(0.5) ? parties : [parties[1], parties[0]];
  const [call] = Object.entries(truth);
  if (call === undefined) {
    pair.calls += 1;
    return one.call(other.client.id, `${one.client.id}-${pair.calls}`);
  }
  const [callId, status] = call;
  if (status === 'active') {
    if (dice.chance(0.4)) return one.end('end_call', callId);
    for (let word = 0; word < 5; word += 1)
      for (const { client } of parties) client.send('call_info', { callId, data: word });
    return;
  }
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
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await stage.clock.advance(0);
      await Promise.all(believers.map((believer) => believer.arrived()));
      await Promise.all(believers.map((believer) => believer.comeBack()));
    }
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    // some of it at the same time as what it follows is under way
    for (let deed = 0; deed < 1 + dice.int(2); deed += 1) await Promise.all(pairs.map((pair) => act(pair, dice)));
    for (let passed = 0; passed < SOON_MS; passed += 1_000) {
      await stage.clock.advance(1_000);
      await settle();
    }
    const live = (await stage.nodes[0]?.signaling.activeCalls()) ?? [];
    for (const pair of pairs) {
      const ids = pair.parties.map(({ client }) => client.id);
      const calls = live.filter(({ from }) => ids.includes(from.id));
      pair.truth = standing(calls.map(({ id, status }) => ({ callId: id, status })));
      expect([round, ...pair.parties.map(({ belief }) => belief)]).toEqual([round, pair.truth, pair.truth]);
    }
  }
  const calls = pairs.reduce((sum, pair) => sum + pair.calls, 0);
  const losses = believers.reduce((sum, believer) => sum + believer.losses, 0);
  process.stdout.write(`figures of messages between nodes: calls=${calls} interruptions=${losses}\n`);
});
