import assert from 'node:assert/strict';
import type { NodeId } from '../domain/ids.js';
import { BEAT_MS, LEASE_MS, type NodeMessage, type Nodes } from '../stores/nodes.js';
import type { Stores } from '../stores/stores.js';
import type { Contract } from './contract-case.js';

/** Nodes that share stores, as a test has them. */
export interface NodesStage {
  /** The stores as one more node has them: a new one at each call. */
  join(): Stores | Promise<Stores>;
  /** Lets time pass by the clock of the stores, in milliseconds. */
  wait(ms: number): Promise<void>;
}

/**
 * All that {@link Nodes} must do. It takes half a minute where time cannot be hurried.
 *
 * @see SPEC.md, section NODE
 */
export const nodesContract: Contract<NodesStage> = [
  {
    name: '[NODE-3] a message comes to the node that it is for, and to nobody else, with who sent it',
    async run(createStage) {
      const [one, two, three] = await speakers(await createStage(), 'one', 'two', 'three');
      one.send('two', dismissal('for two'));
      two.send('one', dismissal('for one'));
      assert.deepEqual(await two.heard(1), ['one: for two']);
      assert.deepEqual(await one.heard(1), ['two: for one']);
      one.send('three', dismissal('last'));
      assert.deepEqual(await three.heard(1), ['one: last']);
    },
  },
  {
    name: '[NODE-3] the messages of one sender come in the order in which they were sent',
    async run(createStage) {
      const [one, two, three] = await speakers(await createStage(), 'one', 'two', 'three');
      for (let n = 0; n < 200; n += 1) {
        one.send('three', dismissal(String(n)));
        if (n % 7 === 0) await nextTurn();
        two.send('three', dismissal(String(n)));
      }
      const heard = await three.heard(400);
      const ofSender = (name: string) => heard.filter((line) => line.startsWith(`${name}: `));
      for (const name of ['one', 'two']) {
        assert.deepEqual(
          ofSender(name),
          Array.from({ length: 200 }, (_, n) => `${name}: ${n}`),
        );
      }
    },
  },
  {
    name: '[NODE-3] a message is a copy, as it was when it was sent',
    async run(createStage) {
      const [one, two] = await speakers(await createStage(), 'one', 'two');
      const message: NodeMessage = { type: 'dismiss_user', userId: 'before', socketIds: [] };
      one.send('two', message);
      message.userId = 'after';
      assert.deepEqual(await two.heard(1), ['one: before']);
    },
  },
  {
    name: '[NODE-2] what is sent to nobody is lost, and harms nothing',
    async run(createStage) {
      const [one, two] = await speakers(await createStage(), 'one', 'two');
      one.send('nobody', dismissal('lost'));
      one.send('two', dismissal('heard'));
      assert.deepEqual(await two.heard(1), ['one: heard']);
    },
  },
  {
    name: '[NODE-7] a node under another name hears what is sent to that, and says it is from that',
    async run(createStage) {
      const [one, two] = await speakers(await createStage(), 'one', 'two');
      two.rename('two again');
      one.send('two', dismissal('lost'));
      one.send('two again', dismissal('heard'));
      assert.deepEqual(await two.heard(1), ['one: heard']);
      two.send('one', dismissal('hello'));
      assert.deepEqual(await one.heard(1), ['two again: hello']);
    },
  },
  {
    name: '[NODE-6] whoever beats is known from the second time on, and alive; the memory has one name for all',
    async run(createStage) {
      const [one, two] = await members(await createStage(), 'one', 'two');
      const first = await one.beat();
      assert.equal(first.isKnown, false);
      assert.deepEqual(first.alive, ['one']);
      const second = await two.beat();
      assert.equal(second.isKnown, false);
      assert.deepEqual(second.alive.toSorted(), ['one', 'two']);
      assert.equal(second.memory, first.memory);
      const third = await one.beat();
      assert.equal(third.isKnown, true);
      assert.deepEqual(third.alive.toSorted(), ['one', 'two']);
      assert.deepEqual(third.silent, []);
    },
  },
  {
    name: '[NODE-17] whoever beats hears the time, which is one for all',
    async run(createStage) {
      const stage = await createStage();
      const [one, two] = await members(stage, 'one', 'two');
      const first = await one.beat();
      const second = await two.beat();
      assert.ok(Number.isInteger(first.at) && second.at >= first.at && second.at < first.at + LEASE_MS);
      await stage.wait(BEAT_MS);
      assert.ok((await one.beat()).at >= first.at + BEAT_MS - 50);
    },
  },
  {
    name: '[NODE-6] a node is silent after 6 s without a beat, not before, and may be claimed by one alone',
    async run(createStage) {
      const stage = await createStage();
      const [one, two, three] = await members(stage, 'one', 'two', 'three');
      await three.beat();
      await one.beat();
      await two.beat();
      await beating(stage, LEASE_MS - BEAT_MS, one, two);
      assert.deepEqual((await one.beat()).silent, []);
      assert.equal(await one.claim('three'), undefined);
      await beating(stage, BEAT_MS, one, two);
      const beat = await one.beat();
      assert.deepEqual(beat.silent, ['three']);
      assert.deepEqual(beat.alive.toSorted(), ['one', 'two']);
      const claims = await Promise.all([one.claim('three'), two.claim('three'), one.claim('three')]);
      assert.deepEqual(claims.filter(Boolean), ['died']);
      assert.equal(await two.claim('one'), undefined);
    },
  },
  {
    name: '[NODE-6] whoever had a gap in its own beats claims nobody, until they have had none for 6 s',
    async run(createStage) {
      const stage = await createStage();
      const [one, two] = await members(stage, 'one', 'two');
      await one.beat();
      await two.beat();
      await beating(stage, LEASE_MS, one, two);
      // as if the stores had stood still
      await stage.wait(LEASE_MS);
      assert.deepEqual((await one.beat()).silent, ['two']);
      assert.equal(await one.claim('two'), undefined);
      await beating(stage, LEASE_MS, one);
      assert.equal(await one.claim('two'), 'died');
    },
  },
  {
    name: '[NODE-6] the dead are to be buried again when who claimed them does not end it in 6 s, and no more after that',
    async run(createStage) {
      const stage = await createStage();
      const [one, two, three] = await members(stage, 'one', 'two', 'three');
      for (const member of [one, two, three]) await member.beat();
      await beating(stage, LEASE_MS, one, two);
      assert.equal(await one.claim('three'), 'died');
      assert.deepEqual((await two.beat()).silent, []);
      assert.equal(await two.claim('three'), undefined);
      await beating(stage, LEASE_MS, one, two);
      assert.deepEqual((await two.beat()).silent, ['three']);
      assert.equal(await two.claim('three'), 'died');
      await two.buried('three');
      await beating(stage, LEASE_MS, one, two);
      assert.deepEqual((await one.beat()).silent, []);
      assert.equal(await one.claim('three'), undefined);
    },
  },
  {
    name: '[NODE-7] whoever was declared dead is not known any more, and not alive',
    async run(createStage) {
      const stage = await createStage();
      const [one, two] = await members(stage, 'one', 'two');
      await one.beat();
      await two.beat();
      await beating(stage, LEASE_MS, one);
      assert.equal(await one.claim('two'), 'died');
      const beat = await two.beat();
      assert.equal(beat.isKnown, false);
      assert.deepEqual(beat.alive, ['one']);
      assert.equal(await two.claim('one'), undefined);
      await one.buried('two');
      assert.equal((await two.beat()).isKnown, false);
      assert.deepEqual((await one.beat()).alive, ['one']);
    },
  },
  {
    name: '[NODE-11] whoever leaves is to be buried at once, by anybody, and did not die',
    async run(createStage) {
      const [one, two] = await members(await createStage(), 'one', 'two');
      await one.beat();
      await two.beat();
      await two.leave();
      const beat = await one.beat();
      assert.deepEqual(beat.silent, ['two']);
      assert.deepEqual(beat.alive, ['one']);
      assert.equal(await one.claim('two'), 'left');
      assert.deepEqual((await one.beat()).silent, []);
    },
  },
  {
    name: '[NODE-15] of all nodes one has the turn, for as long as it asked for',
    async run(createStage) {
      const stage = await createStage();
      const [one, two] = [nodesOf(await stage.join()).leases, nodesOf(await stage.join()).leases];
      const turns = await Promise.all([one, two, one, two].map((leases) => leases.takeTurn(BEAT_MS)));
      assert.deepEqual(turns.filter(Boolean), [true]);
      // clocks may differ by a little
      await stage.wait(BEAT_MS + 50);
      assert.equal(await two.takeTurn(LEASE_MS), true);
      await stage.wait(BEAT_MS + 50);
      assert.equal(await one.takeTurn(BEAT_MS), false);
    },
  },
  {
    name: '[NODE-6] the sessions of a node are all that it holds, lost ones among them, and nobody else’s',
    async run(createStage) {
      const stores = await (await createStage()).join();
      const { sessionsOf } = nodesOf(stores);
      const session = {
        user: { id: 'alice', username: 'Alice' },
        legacy: false,
        userAgent: '',
        features: [],
        scope: '',
      };
      const phone = { ...session, device: 'alice/phone', socketId: 's1', node: 'one' } as const;
      const laptop = { ...session, device: 'alice/laptop', socketId: 's2', node: 'two' } as const;
      await stores.presence.swap({ device: phone.device, session: phone }, undefined);
      await stores.presence.swap({ device: laptop.device, session: laptop }, undefined);
      assert.deepEqual(await sessionsOf('one'), [phone]);
      const lost = { ...phone, lostAt: 1_234 };
      await stores.presence.swap({ device: phone.device, session: lost }, 's1');
      assert.deepEqual(await sessionsOf('one'), [lost]);
      const moved = { ...phone, socketId: 's3', node: 'two' };
      await stores.presence.swap({ device: phone.device, session: moved }, 's1');
      assert.deepEqual(await sessionsOf('one'), []);
      assert.equal((await sessionsOf('two')).length, 2);
      await stores.presence.swap({ device: laptop.device, session: undefined }, 's2');
      assert.deepEqual(await sessionsOf('two'), [moved]);
    },
  },
];

function dismissal(userId: string): NodeMessage {
  return { type: 'dismiss_user', userId, socketIds: [] };
}

function nodesOf(stores: Stores): Nodes {
  assert.ok(stores.nodes);
  return stores.nodes;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

interface Speaker {
  send(to: NodeId, message: NodeMessage): void;
  /** Waits until so much was heard. */
  heard(count: number): Promise<string[]>;
  rename(name: NodeId): void;
}

async function speakers<Names extends NodeId[]>(
  stage: NodesStage,
  ...names: Names
): Promise<{ [Name in keyof Names]: Speaker }> {
  const all: Speaker[] = [];
  for (const name of names) all.push(speaker(nodesOf(await stage.join()), name));
  // as many as there are names
  return all as { [Name in keyof Names]: Speaker };
}

function speaker({ bus }: Nodes, name: NodeId): Speaker {
  const lines: string[] = [];
  let wake = () => {};
  const listen = (self: NodeId) =>
    bus.listen(self, (from, message) => {
      lines.push(`${from}: ${message.type === 'dismiss_user' ? message.userId : message.type}`);
      wake();
    });
  let stop = listen(name);
  return {
    send: (to, message) => bus.send(to, message),
    async heard(count) {
      while (lines.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return lines;
    },
    rename(another) {
      stop();
      stop = listen(another);
    },
  };
}

interface Member {
  beat(): ReturnType<Nodes['leases']['beat']>;
  claim(dead: NodeId): ReturnType<Nodes['leases']['claim']>;
  buried(dead: NodeId): Promise<void>;
  leave(): Promise<void>;
}

async function members<Names extends NodeId[]>(
  stage: NodesStage,
  ...names: Names
): Promise<{ [Name in keyof Names]: Member }> {
  const all: Member[] = [];
  for (const name of names) {
    const { leases } = nodesOf(await stage.join());
    all.push({
      beat: () => leases.beat(name),
      claim: (dead) => leases.claim(dead, name),
      buried: (dead) => leases.buried(dead),
      leave: () => leases.leave(name),
    });
  }
  // as many as there are names
  return all as { [Name in keyof Names]: Member };
}

/** Time passes, and these say that they live; the last time at its end. */
async function beating(stage: NodesStage, ms: number, ...alive: Member[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += BEAT_MS) {
    await stage.wait(BEAT_MS);
    for (const member of alive) await member.beat();
  }
}
