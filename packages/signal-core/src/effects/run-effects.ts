import type { Deliver } from '../calls/deliver.js';
import type { SignalRelay } from '../calls/signal-relay.js';
import type { RingingCall } from '../domain/call.js';
import type { Effect } from '../domain/effect.js';
import { exhausted } from '../domain/exhausted.js';
import type { DeviceKey } from '../domain/ids.js';
import type { HostEvents } from '../host-events.js';
import { emitEvent } from './emit-event.js';

interface Targets {
  deliver: Deliver;
  relay: SignalRelay;
  /** Absent when the host was told by another node. */
  events?: HostEvents;
  /** Hears of each ring that a device was told of just now. */
  onShown?(device: DeviceKey, call: RingingCall): void;
}

/** Carries out what a committed decision asks for, in its order: messages first, then candidates that waited for them. */
export function runEffects(effects: Effect[], { deliver, relay, events, onShown }: Targets): void {
  for (const effect of effects) {
    switch (effect.type) {
      case 'placed':
        deliver.toDevice(effect.call.caller.device, 'call_status', { status: 'ringing', callId: effect.call.id });
        relay.place(effect.call);
        break;
      case 'ring': {
        const { id, from, callType, offer, metadata } = effect.call;
        const isShown = deliver.toDevice(effect.device, 'incoming_call', {
          callId: id,
          from,
          callType,
          offer,
          ...(metadata !== undefined && { metadata }),
        });
        relay.ring(effect.device, effect.call, isShown);
        if (isShown) onShown?.(effect.device, effect.call);
        break;
      }
      case 'answered':
        deliver.toDevice(effect.call.caller.device, 'call_accepted', { callId: effect.call.id, answer: effect.answer });
        relay.open(effect.call, effect.answer);
        break;
      case 'answered_again':
        deliver.toDevice(effect.call.caller.device, 'call_accepted', { callId: effect.call.id, answer: effect.answer });
        break;
      case 'restored':
        deliver.toDevice(effect.first, 'call_status', { status: 'peer_reconnected', callId: effect.call.id });
        relay.open(effect.call);
        break;
      case 'opened':
        relay.open(effect.call);
        break;
      case 'rejected':
        deliver.toDevice(effect.device, 'call_rejected', { callId: effect.callId, reason: effect.reason });
        break;
      case 'ended': {
        const { device, callId, reason, by, durationMs } = effect;
        deliver.toDevice(device, 'call_ended', {
          callId,
          reason,
          ...(by !== undefined && { by }),
          ...(durationMs !== undefined && { durationMs }),
        });
        relay.drop(device, callId);
        break;
      }
      case 'unrung':
        relay.drop(effect.device, effect.callId);
        deliver.closeCall(effect.device, effect.callId);
        break;
      case 'peer_link':
        deliver.toDevice(effect.device, 'call_status', { status: effect.status, callId: effect.callId });
        break;
      case 'closed':
        relay.close(effect.call);
        if (effect.call.endedBy !== undefined) deliver.closeCall(effect.call.endedBy, effect.call.id);
        break;
      default:
        exhausted(effect);
    }
    if (events !== undefined) emitEvent(effect, events);
  }
}
