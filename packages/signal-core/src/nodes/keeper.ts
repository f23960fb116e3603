import type { SignalRelay } from '../calls/signal-relay.js';
import type { Effect } from '../domain/effect.js';
import type { DeviceKey } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { InOrder } from './in-order.js';
import type { Kept, KeptHeld } from './kept.js';
import type { KnownCalls } from './known-calls.js';
import type { Route } from './route.js';

/** What a node keeps for devices. */
export interface Keeper {
  /** The connection that spoke last for a device that is held here. */
  socketOf(device: DeviceKey): string | undefined;
  /** Gives a device away. @returns `undefined` when it is not here, or a newer connection speaks for it */
  release(device: DeviceKey, socketId: string): Kept | undefined;
  /** Holds a device from now on; without what was kept it begins anew. */
  adopt(session: Session, kept: Kept | undefined): void;
  /** What was kept for a device that was adopted without it, and for which the same connection has spoken since. */
  adoptLate(session: Session, kept: Kept): void;
  /** Lets go of a device that has no session any more; one with an open connection is for others to end. */
  forgetLost(device: DeviceKey): void;
}

/** Who keeps something for devices. */
interface Parts {
  devices: Pick<Keeper, 'socketOf' | 'forgetLost'> & {
    release(device: DeviceKey, socketId: string): KeptHeld | undefined;
    adopt(session: Session, kept?: KeptHeld): void;
    deliverLate(device: DeviceKey, kept: KeptHeld): void;
  };
  relay: SignalRelay;
  known: KnownCalls;
  route: Pick<Route, 'shown' | 'sentTo'>;
  inOrder: InOrder;
  /** Tells those devices of this node what is new to them. */
  tell(effects: Effect[], isFor: (device: DeviceKey) => boolean): void;
}

/** All that this node keeps for a device, in one. */
export function keeperOf({ devices, relay, known, route, inOrder, tell }: Parts): Keeper {
  const goOn = (device: DeviceKey, { sent, told, positions }: Kept) => {
    for (const { callId, heard } of sent.legs) {
      for (const { device: rung, follows } of heard) if (follows) route.shown(rung, callId);
    }
    relay.adopt(device, sent);
    for (const { scope, call } of told) {
      const { toDevice, toOthers } = known.bring(device, scope, call);
      tell(toDevice, (other) => other === device);
      tell(toOthers, (other) => other !== device);
    }
    const callIds = sent.legs.map(({ callId }) => callId);
    // what was sent from here is on its way to where the device was, and comes back
    inOrder.adopt(device, [...positions, ...route.sentTo(device, callIds)]);
  };
  return {
    socketOf: (device) => devices.socketOf(device),
    forgetLost: (device) => devices.forgetLost(device),
    release(device, socketId) {
      const held = devices.release(device, socketId);
      if (held === undefined) return undefined;
      const sent = relay.release(device, (other) => devices.socketOf(other) !== undefined);
      const told = sent.legs.flatMap(({ callId }) => {
        const call = known.of(device, callId);
        return call === undefined ? [] : { scope: call.scope, call: call.call };
      });
      const positions = inOrder.release(
        device,
        sent.legs.map(({ callId }) => callId),
      );
      return { held, sent, told, positions };
    },
    adopt(session, kept) {
      const { device } = session;
      devices.adopt(session, kept?.held);
      if (kept === undefined) inOrder.beginAnew(device);
      else goOn(device, kept);
    },
    adoptLate({ device }, kept) {
      devices.deliverLate(device, kept.held);
      // it has been told here of what is known here
      goOn(device, { ...kept, told: kept.told.filter(({ call }) => known.of(device, call.id) === undefined) });
    },
  };
}
