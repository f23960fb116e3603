import { callRecord } from '../call-record.js';
import type { Effect } from '../domain/effect.js';
import type { HostEvents } from '../host-events.js';

/** Tells the host of an effect that is a turn of a call. */
export function emitEvent(effect: Effect, events: HostEvents): void {
  if (effect.type === 'placed') events.emit('callStarted', callRecord(effect.call));
  else if (effect.type === 'answered') events.emit('callAnswered', callRecord(effect.call));
  else if (effect.type === 'restored') events.emit('callRestored', callRecord(effect.call));
  else if (effect.type === 'closed') events.emit('callEnded', callRecord(effect.call));
}
