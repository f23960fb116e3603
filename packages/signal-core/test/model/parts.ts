import { devicesOf, type LiveCall } from '../../src/domain/call.ts';
import type { CallId, DeviceKey } from '../../src/domain/ids.ts';
import type { Part } from './screen.ts';

/** What the calls are to a device, in truth. */
export function partsIn(live: readonly LiveCall[], device: DeviceKey): [CallId, Part][] {
  return live.filter((call) => devicesOf(call).includes(device)).map((call) => [call.id, partIn(call, device)]);
}

function partIn(call: LiveCall, device: DeviceKey): Part {
  if (call.status === 'active') return 'talking';
  return call.caller.device === device ? 'calling' : 'rung';
}
