import type { ActiveCall, Call, End, EndedCall, LiveCall, RingingCall } from './call.js';
import { devicesOf, relinked } from './call.js';
import type { Effect } from './effect.js';
import { endedEffect } from './end-call.js';
import { exhausted } from './exhausted.js';
import type { DeviceKey } from './ids.js';

/**
 * What devices must be told so that they believe what a call is now. Any number of versions may lie between; devices that
 * are held elsewhere are for others to tell.
 *
 * @param known - what they were told last; `undefined` when nothing
 * @see SPEC.md, rule NODE-2
 */
export function catchUp(known: LiveCall | undefined, now: Call): Effect[] {
  switch (now.status) {
    case 'ringing':
      if (known === undefined) return placed(now);
      return known.status === 'ringing' ? stillRinging(known, now) : [];
    case 'active':
      if (known === undefined) return unknown(now);
      return known.status === 'ringing' ? answered(known, now) : peerLinks(known, now);
    case 'ended':
      return known === undefined ? [] : over(known, now);
    default:
      return exhausted(now);
  }
}

function placed(now: RingingCall): Effect[] {
  return [
    { type: 'placed', call: now },
    ...now.rung.map((end) => ring(now, end)),
    ...now.rung.flatMap(({ device }) => peerLink(now, connected(now.caller), now.caller, device)),
  ];
}

function ring(call: RingingCall, { device }: End): Effect {
  return { type: 'ring', device, call };
}

function connected(end: End): End {
  return relinked(end, { state: 'up' });
}

function stillRinging(known: RingingCall, now: RingingCall): Effect[] {
  const before = (end: End) => known.rung.find(({ device }) => device === end.device);
  const isGone = (end: End) => !now.rung.some(({ device }) => device === end.device);
  const isNew = (end: End) => before(end) === undefined || before(end)?.node !== end.node;
  const rungBefore = now.rung.filter((end) => before(end) !== undefined);
  return [
    ...known.rung.filter(isGone).map(({ device }): Effect => ({ type: 'unrung', device, callId: now.id })),
    ...now.rung.filter(isNew).map((end) => ring(now, end)),
    ...rungBefore.flatMap(({ device }) => peerLink(now, known.caller, now.caller, device)),
  ];
}

function answered(known: RingingCall, now: ActiveCall): Effect[] {
  const losers = known.rung.filter(({ device }) => device !== now.callee.device);
  const opening: Effect =
    now.answer === undefined ? { type: 'opened', call: now } : { type: 'answered', call: now, answer: now.answer };
  return [
    opening,
    ...losers.map(({ device }) => lostRace(now, device)),
    ...peerLink(now, known.caller, now.caller, now.callee.device),
    ...peerLink(now, connected(now.callee), now.callee, now.caller.device),
  ];
}

/** Its ends talk already; without an answer they have agreed that it goes on, and the first to ask may still wait. */
function unknown(now: ActiveCall): Effect[] {
  const opening: Effect[] =
    now.answer !== undefined
      ? [{ type: 'opened', call: now }]
      : [
          { type: 'restored', call: now, first: now.caller.device },
          { type: 'peer_link', device: now.callee.device, callId: now.id, status: 'peer_reconnected' },
        ];
  const before = { ...now, caller: connected(now.caller), callee: connected(now.callee) };
  return [...opening, ...peerLinks(before, now)];
}

function peerLinks(known: ActiveCall, now: ActiveCall): Effect[] {
  return [
    ...peerLink(now, known.caller, now.caller, now.callee.device),
    ...peerLink(now, known.callee, now.callee, now.caller.device),
  ];
}

/** What a device is told of the link of its peer. */
function peerLink(call: LiveCall, before: End, now: End, device: DeviceKey): Effect[] {
  const lostBefore = before.link.state === 'lost' ? before.link.since : undefined;
  const lostNow = now.link.state === 'lost' ? now.link.since : undefined;
  if (lostBefore === lostNow) return [];
  const status = lostNow === undefined ? 'peer_reconnected' : 'peer_reconnecting';
  return [{ type: 'peer_link', device, callId: call.id, status }];
}

function over(known: LiveCall, now: EndedCall): Effect[] {
  const others = devicesOf(known).filter((device) => device !== now.endedBy);
  return [...others.map((device) => told(known, now, device)), { type: 'closed', call: now }];
}

function told(known: LiveCall, now: EndedCall, device: DeviceKey): Effect {
  const { reason } = now;
  if (known.status === 'active' || device === now.calleeDevice) return endedEffect(device, now);
  if (reason === 'declined' || reason === 'busy') {
    return device === now.callerDevice
      ? { type: 'rejected', device, callId: now.id, reason }
      : endedEffect(device, now, 'rejected_elsewhere');
  }
  // it was answered, and nobody told
  const isLoser = now.calleeDevice !== undefined && device !== now.callerDevice;
  return isLoser ? lostRace(now, device) : endedEffect(device, now);
}

function lostRace({ id, to }: Call, device: DeviceKey): Effect {
  return { type: 'ended', device, callId: id, reason: 'answered_elsewhere', by: to.id };
}
