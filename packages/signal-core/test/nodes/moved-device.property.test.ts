import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Feature } from '../../src/domain/feature.ts';
import type { Session } from '../../src/domain/session.ts';
import { Devices } from '../../src/gateway/devices.ts';
import { EventStreams } from '../../src/gateway/event-streams.ts';
import { keptSchema } from '../../src/nodes/kept.ts';
import { alice, bob, OFFER, phone } from '../domain/cast.ts';
import { scaled } from '../domain/scale.ts';

const heldSchema = keptSchema.shape.held;
const CALLS = ['a', 'b', 'c'] as const;

type Step =
  | { type: 'told' | 'rung' | 'ended' | 'informed' | 'closed'; callId: string }
  | { type: 'swept'; ms: number }
  | { type: 'moves' };

const callId = fc.constantFrom(...CALLS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constantFrom('told' as const, 'rung' as const, 'informed' as const), callId }),
  fc.record({ type: fc.constantFrom('ended' as const, 'closed' as const), callId }),
  fc.record({ type: fc.constant('swept' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  fc.record({ type: fc.constant('moves' as const) }),
);

function sessionOf(features: Feature[], node: number): Session {
  const socketId = `socket ${node}`;
  return { device: phone, user: bob, socketId, legacy: false, userAgent: '', features, scope: '', node: `${node}` };
}

/** What is kept in the end for a lost device. */
function keptAfter(steps: Step[], features: Feature[]) {
  let now = 0;
  let node = 0;
  let count = 0;
  let devices = new Devices(() => now);
  devices.adopt(sessionOf(features, node), { features, texts: [], streams: [], missedRings: [], isLate: false });
  for (const one of steps) {
    if (one.type !== 'moves') count += 1;
    switch (one.type) {
      case 'told':
        devices.toDevice(phone, 'call_status', { status: 'peer_reconnecting', callId: one.callId });
        break;
      case 'rung':
        devices.toDevice(phone, 'incoming_call', { callId: one.callId, from: alice, callType: 'video', offer: OFFER });
        break;
      case 'informed':
        // long, so that the oldest make room
        devices.toDevice(phone, 'call_info', { callId: one.callId, from: 'alice', data: `${count}`.repeat(20_000) });
        break;
      case 'ended':
        devices.toDevice(phone, 'call_ended', { callId: one.callId, reason: 'hangup' });
        break;
      case 'closed':
        devices.closeCall(phone, one.callId);
        break;
      case 'swept':
        now += one.ms;
        devices.sweep();
        break;
      case 'moves': {
        const kept = release(devices, node);
        node += 1;
        devices = new Devices(() => now);
        devices.adopt(sessionOf(features, node), kept);
      }
    }
  }
  return withoutNames(release(devices, node));
}

/** Over the wire. */
function release(devices: Devices, node: number) {
  return heldSchema.parse(JSON.parse(JSON.stringify(devices.release(phone, `socket ${node}`))));
}

/** The same, but for the names of streams, which are random. */
function withoutNames(kept: ReturnType<typeof release>): unknown {
  const names = kept.streams.map(({ id }) => id);
  return JSON.parse(
    names.reduce((json, name, index) => json.replaceAll(name, `stream ${index}`), JSON.stringify(kept)),
  );
}

test('[NODE-5] what is kept for a device that moves whenever it likes is what is kept for one that stays', () => {
  const features = fc.constantFrom<Feature[]>([], ['resume'], ['ice_batch', 'resume']);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), features, (steps, has) => {
      const stays = steps.filter(({ type }) => type !== 'moves');
      expect(keptAfter(steps, has)).toEqual(keptAfter(stays, has));
    }),
    { numRuns: scaled(300) },
  );
});

test('[NODE-5] [RESUME-3] a stream that moved is gone on with, and misses nothing', () => {
  const actions = fc.array(fc.tuple(callId, fc.boolean()), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(actions, fc.nat(30), (events, seen) => {
      let streams = new EventStreams();
      const sent = new Map<string, string[]>();
      for (const [call, moves] of events) {
        const text = streams.append(call, `2["call_info",{"callId":"${call}"}]`);
        sent.set(call, [...(sent.get(call) ?? []), text]);
        if (moves) streams = EventStreams.from(JSON.parse(JSON.stringify(streams.toKept())));
      }
      for (const [call, texts] of sent) {
        const { streamId } = JSON.parse(texts[0]?.slice(1) ?? '')[1];
        const lastSeq = Math.min(seen, texts.length);
        const { resumed, missed } = EventStreams.from(streams.toKept()).resume([{ callId: call, streamId, lastSeq }]);
        expect(resumed).toEqual([{ callId: call, recovered: true }]);
        expect(missed).toEqual(texts.slice(lastSeq));
      }
    }),
    { numRuns: scaled(300) },
  );
});

test('[NODE-5] [RESUME-4] what a node tells of a call whose beginning died with another begins a new stream', () => {
  const streams = new EventStreams();
  const first = streams.append('a', '2["call_info",{"callId":"a"}]');
  streams.append('b', '2["call_info",{"callId":"b"}]');
  const { streamId } = JSON.parse(first.slice(1))[1];
  expect(streams.resume([{ callId: 'a', lastSeq: 0 }], true)).toEqual({
    resumed: [{ callId: 'a', recovered: false }],
    missed: [first],
  });
  const second = streams.append('a', '2["call_info",{"callId":"a"}]');
  expect(second).toContain('"seq":2');
  expect(streams.resume([{ callId: 'a', streamId, lastSeq: 1 }])).toEqual({
    resumed: [{ callId: 'a', recovered: true }],
    missed: [second],
  });
  expect(streams.append('b', '2["call_info",{"callId":"b"}]')).toContain('"seq":1');
});

test('[NODE-13] what is no event is not taken for one', () => {
  const kept = { features: [], texts: ['2["call_ended",{"callId":"a"}]'], streams: [], missedRings: [], isLate: false };
  expect(heldSchema.safeParse(kept).success).toBe(true);
  for (const text of ['', '0{}', '2["call_ended"]', '2["call_ended",{}', '2[1,{}]', '2["a",{},{}]', '42["a",{}]', 7]) {
    expect(heldSchema.safeParse({ ...kept, texts: [text] }).success, String(text)).toBe(false);
  }
});
