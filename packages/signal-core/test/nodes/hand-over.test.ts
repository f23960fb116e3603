import { FakeClock, MemoryNetwork } from 'signal-core/testing';
import { expect, test } from 'vitest';
import type { DeviceKey } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { silentLogger } from '../../src/log.ts';
import { HandOver } from '../../src/nodes/hand-over.ts';
import type { Keeper } from '../../src/nodes/keeper.ts';
import type { Kept } from '../../src/nodes/kept.ts';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { active, bob, laptop, phone } from '../domain/cast.ts';

function session(node: string, socketId: string, device = phone): Session {
  return { device, user: bob, socketId, legacy: false, userAgent: '', features: [], scope: '', node };
}

/** What is kept is known by one text. */
function kept(data: string): Kept {
  const texts = [`2["call_info",{"callId":"c1","data":"${data}"}]`];
  const held = { features: [], texts, streams: [], missedRings: [], isLate: false };
  return { held, sent: { legs: [], early: [] }, told: [], positions: [] };
}

/** A message for the phone. */
function relayed(n: number): NodeMessage {
  const payload = { callId: 'c1', from: 'alice', data: n };
  return {
    type: 'relay',
    scope: '',
    callId: 'c1',
    version: 2,
    from: laptop,
    to: phone,
    run: 1,
    n,
    event: 'call_info',
    payload,
  };
}

/** A node that keeps no more than one thing for each device. */
function house() {
  const clock = new FakeClock();
  const network = new MemoryNetwork(() => clock.now());
  const stored = new Map<DeviceKey, Session>();

  const start = (name: string) => {
    const held = new Map<DeviceKey, { socketId: string; kept: Kept }>();
    const heard: [from: string, message: NodeMessage][] = [];
    const errors: string[] = [];
    const late: Kept[] = [];
    const { nodes } = network.join();
    if (nodes === undefined) throw new Error('a network has nodes');
    const keeper: Keeper = {
      socketOf: (device) => held.get(device)?.socketId,
      release(device, socketId) {
        const one = held.get(device);
        if (one?.socketId !== socketId) return undefined;
        held.delete(device);
        return one.kept;
      },
      adopt: ({ device, socketId }, given) => void held.set(device, { socketId, kept: given ?? kept('anew') }),
      adoptLate: (_, given) => void late.push(given),
      forgetLost: (device) => void held.delete(device),
    };
    const receive = (from: string, message: NodeMessage) => {
      if (!handOver.receive(from, message)) heard.push([from, message]);
    };
    const handOver = new HandOver({
      bus: nodes.bus,
      self: () => name,
      sessionsOf: async () => [...stored.values()],
      keeper,
      reclaim: async () => false,
      clock,
      log: { ...silentLogger, error: (_, message) => errors.push(message) },
      receive,
    });
    nodes.bus.listen(name, receive);
    const hold = (socketId: string, device = phone) => held.set(device, { socketId, kept: kept(`from ${name}`) });
    return {
      name,
      handOver,
      bus: nodes.bus,
      held,
      heard,
      errors,
      late,
      hold,
      text: () => held.get(phone)?.kept.held.texts[0],
    };
  };
  return { clock, stored, start };
}

/** What nodes have for each other is there, passed on or not. */
async function arrived(clock: FakeClock): Promise<void> {
  for (let hop = 0; hop < 3; hop += 1) await clock.advance(0);
}

test('[NODE-5] a node takes along what the one before kept, which keeps nothing', async () => {
  const { start } = house();
  const [one, two] = [start('one'), start('two')];
  one.hold('first');
  await two.handOver.bring(session('two', 'second'), session('one', 'first'));
  expect(two.text()).toContain('from one');
  expect(two.held.get(phone)?.socketId).toBe('second');
  expect(one.held.size).toBe(0);
  expect([one.handOver.movedTo(phone), two.handOver.movedTo(phone)]).toEqual(['two', undefined]);
});

/** A device comes to node two, and the node that it was at says nothing for a second. */
async function unanswered() {
  const { clock, start } = house();
  const two = start('two');
  let isOver = false;
  const brought = two.handOver.bring(session('two', 'second'), session('gone', 'first')).then(() => {
    isOver = true;
  });
  await clock.advance(999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await brought;
  expect(two.text()).toContain('anew');
  const answer = (from = 'gone') => two.handOver.receive(from, { type: 'handed_over', ask: '1', kept: kept('late') });
  return { clock, two, answer };
}

test('[NODE-5] a node that does not answer in a second is not waited for, and its late answer counts, once', async () => {
  const { clock, two, answer } = await unanswered();
  await clock.advance(59_999);
  answer('another');
  expect(two.late).toEqual([]);
  answer();
  answer();
  expect(two.late).toEqual([kept('late')]);
  expect(clock.pending).toBe(0);
});

test('[NODE-5] an answer that is later than that counts for nothing', async () => {
  const { clock, two, answer } = await unanswered();
  await clock.advance(60_000);
  answer();
  expect(two.late).toEqual([]);
  expect(clock.pending).toBe(0);
});

test.each([
  ['has another connection by then', 'third'],
  ['is not there any more', undefined],
])('[NODE-5] a late answer for a device that %s counts for nothing', async (_, socketId) => {
  const { two, answer } = await unanswered();
  two.held.delete(phone);
  if (socketId !== undefined) two.hold(socketId);
  answer();
  expect(two.late).toEqual([]);
});

test('[NODE-5] what a newer connection has is not given away', async () => {
  const { start } = house();
  const [one, two] = [start('one'), start('two')];
  one.hold('third');
  await two.handOver.bring(session('two', 'second'), session('one', 'first'));
  expect(two.text()).toContain('anew');
  expect(one.held.get(phone)?.socketId).toBe('third');
});

test('[NODE-5] of takeovers at once each hands on what the one before it got', async () => {
  const { start } = house();
  const [one, two] = [start('one'), start('two')];
  one.hold('first');
  const takeOver = (at: typeof one, socketId: string, before: Session) =>
    at.handOver.during(socketId, () => at.handOver.bring(session(at.name, socketId), before));
  await Promise.all([
    takeOver(two, 'second', session('one', 'first')),
    takeOver(one, 'third', session('two', 'second')),
    takeOver(two, 'fourth', session('one', 'third')),
    takeOver(two, 'fifth', session('two', 'fourth')),
  ]);
  expect(one.held.size).toBe(0);
  expect(two.text()).toContain('from one');
});

test('[NODE-5] messages that come late are sent after the device for 60 s, with who sent them first', async () => {
  const { clock, start } = house();
  const [one, two, three] = [start('one'), start('two'), start('three')];
  one.hold('first');
  await two.handOver.bring(session('two', 'second'), session('one', 'first'));
  three.bus.send('one', relayed(1));
  await clock.advance(59_999);
  await arrived(clock);
  expect(two.heard).toEqual([['one', { ...relayed(1), origin: 'three' }]]);
  await clock.advance(1);
  three.bus.send('one', relayed(2));
  await arrived(clock);
  expect(two.heard.length).toBe(1);
  expect(one.heard.length).toBe(1);
});

test('[NODE-5] messages that come before their device wait for it', async () => {
  const { clock, start } = house();
  const [one, two, three] = [start('one'), start('two'), start('three')];
  one.hold('first');
  const brought = two.handOver.bring(session('two', 'second'), session('one', 'first'));
  three.bus.send('two', relayed(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(two.heard).toEqual([]);
  await brought;
  await clock.advance(0);
  expect(two.heard).toEqual([['three', relayed(1)]]);
});

test('[NODE-5] who asks twice for a device is not told that there is nothing', async () => {
  const { clock, start } = house();
  const [one, two] = [start('one'), start('two')];
  one.hold('first');
  const answers: unknown[] = [];
  two.bus.listen('two', (_, message) => void answers.push(message.type === 'handed_over' && message.kept));
  for (let times = 0; times < 2; times += 1) {
    two.bus.send('one', { type: 'hand_over', ask: '1', device: phone, socketId: 'first' });
  }
  await arrived(clock);
  expect(answers).toEqual([kept('from one')]);
});

test('[NODE-5] a device that came back is not sent after', async () => {
  const { clock, start } = house();
  const [one, two, three] = [start('one'), start('two'), start('three')];
  one.hold('first');
  await two.handOver.bring(session('two', 'second'), session('one', 'first'));
  await one.handOver.bring(session('one', 'third'), session('two', 'second'));
  three.bus.send('one', relayed(1));
  three.bus.send('two', relayed(2));
  await arrived(clock);
  expect(one.heard).toEqual([
    ['three', relayed(1)],
    ['two', { ...relayed(2), origin: 'three' }],
  ]);
});

test('[NODE-5] a call whose devices have gone round from node to node is passed on to where they are, and not on and on', async () => {
  const { clock, start } = house();
  const [one, two, three, four] = [start('one'), start('two'), start('three'), start('four')];
  two.hold('p1');
  await three.handOver.bring(session('three', 'p2'), session('two', 'p1'));
  await one.handOver.bring(session('one', 'p3'), session('three', 'p2'));
  one.hold('l1', laptop);
  await two.handOver.bring(session('two', 'l2', laptop), session('one', 'l1', laptop));
  await three.handOver.bring(session('three', 'l3', laptop), session('two', 'l2', laptop));
  for (const node of ['one', 'two']) four.bus.send(node, { type: 'call', scope: '', call: active() });
  for (let hop = 0; hop < 20; hop += 1) await clock.advance(0);
  const heard = [one, two, three].map((node) => node.heard.map(([from]) => from));
  expect(heard).toEqual([
    ['four', 'three'],
    ['four', 'one'],
    ['two', 'two', 'two'],
  ]);
});

test('[NODE-5] a device that is elsewhere, and was never asked for, is given up', async () => {
  const { clock, stored, start } = house();
  const [one, two] = [start('one'), start('two')];
  one.hold('first');
  stored.set(phone, session('two', 'second'));
  one.handOver.noticed({ device: phone, session: session('two', 'second') });
  await clock.advance(1_999);
  await one.handOver.sweep();
  expect(one.held.size).toBe(1);
  await clock.advance(1);
  await one.handOver.sweep();
  expect(one.held.size).toBe(0);
  expect(one.handOver.movedTo(phone)).toBe(two.name);
});

test('[NODE-5] a device that comes back while it is looked for is not', async () => {
  const { clock, stored, start } = house();
  const one = start('one');
  one.hold('first');
  stored.set(phone, session('two', 'second'));
  one.handOver.noticed({ device: phone, session: session('two', 'second') });
  await clock.advance(2_000);
  const swept = one.handOver.sweep();
  one.hold('third');
  await swept;
  expect(one.held.get(phone)?.socketId).toBe('third');
});

test('[NODE-5] a device that came back before that is not', async () => {
  const { clock, stored, start } = house();
  const one = start('one');
  one.hold('first');
  one.handOver.noticed({ device: phone, session: session('two', 'second') });
  one.hold('third');
  stored.set(phone, session('one', 'third'));
  await clock.advance(5_000);
  await one.handOver.sweep();
  expect(one.held.size).toBe(1);
});

test.each([
  ['nothing at all', {}],
  ['something else', { held: 'a', sent: 7, told: {} }],
  ['a call that is none', { ...kept('x'), told: [{ scope: '', call: { status: 'ringing' } }] }],
  ['a candidate that is none', { ...kept('x'), sent: { legs: [], early: [{ to: 'a', candidate: 'b', until: 0 }] } }],
])('[NODE-13] %s in an answer is dropped, and logged without it', async (_, junk) => {
  const { start } = house();
  const [one, two] = [start('one'), start('two')];
  one.bus.listen('one', (from, message) => {
    if (message.type === 'hand_over') one.bus.send(from, { type: 'handed_over', ask: message.ask, kept: junk });
  });
  await two.handOver.bring(session('two', 'second'), session('one', 'first'));
  expect(two.text()).toContain('anew');
  expect(two.errors).toEqual(['what another node kept for a device could not be understood']);
});
