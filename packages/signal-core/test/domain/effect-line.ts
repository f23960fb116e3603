import type { Effect } from '../../src/domain/effect.ts';
import { exhausted } from '../../src/domain/exhausted.ts';
import { type DeviceKey, deviceIdOf } from '../../src/domain/ids.ts';

/** An effect in words, such as `phone: ended, cancelled by alice`. */
export function effectLine(effect: Effect): string {
  switch (effect.type) {
    case 'placed':
      return `${effect.call.id} placed`;
    case 'ring':
      return `${deviceIdOf(effect.device)}: rings`;
    case 'answered':
      return `answered by ${deviceIdOf(effect.call.callee.device)}`;
    case 'answered_again':
      return `${effect.call.id} answered, told again`;
    case 'restored':
      return `${effect.call.id} restored for ${deviceIdOf(effect.first)}`;
    case 'opened':
      return `${effect.call.id} opened`;
    case 'rejected':
      return `${deviceIdOf(effect.device)}: rejected, ${effect.reason}`;
    case 'ended': {
      const by = effect.by === undefined ? '' : ` by ${effect.by}`;
      const after = effect.durationMs === undefined ? '' : ` after ${effect.durationMs} ms`;
      return `${deviceIdOf(effect.device)}: ended, ${effect.reason}${by}${after}`;
    }
    case 'unrung':
      return `${deviceIdOf(effect.device)}: rung no more`;
    case 'peer_link':
      return `${deviceIdOf(effect.device)}: ${effect.status}`;
    case 'closed':
      return `${effect.call.id} over`;
    default:
      return exhausted(effect);
  }
}

/** The devices that an effect has something to say to. */
export function addressees(effect: Effect): DeviceKey[] {
  switch (effect.type) {
    case 'placed':
    case 'answered_again':
      return [effect.call.caller.device];
    case 'answered':
      return [effect.call.caller.device, effect.call.callee.device];
    case 'restored':
      return [effect.first];
    case 'opened':
    case 'unrung':
    case 'closed':
      return [];
    default:
      return [effect.device];
  }
}
