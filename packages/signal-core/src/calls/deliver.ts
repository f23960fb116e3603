import type { Feature } from '../domain/feature.js';
import type { CallId, DeviceKey } from '../domain/ids.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';

/** Gets messages to devices; what a device cannot take, and what happens while it is lost, is the gateway's to know. */
export interface Deliver {
  /** @returns whether the device gets it, now or when it is back */
  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): boolean;
  /** The device knows by its own command that the call is over. */
  closeCall(device: DeviceKey, callId: CallId): void;
  /**
   * Whether what is sent to the device now can make use of the feature.
   *
   * @param callId - for `early_candidates`: the call that rings it, which it must show
   */
  takes(device: DeviceKey, feature: Feature, callId?: CallId): boolean;
}

/** The same, for some devices only. */
export function deliverTo(isFor: (device: DeviceKey) => boolean, deliver: Deliver): Deliver {
  return {
    toDevice: (device, event, payload) => isFor(device) && deliver.toDevice(device, event, payload),
    closeCall: (device, callId) => {
      if (isFor(device)) deliver.closeCall(device, callId);
    },
    takes: (device, feature, callId) => deliver.takes(device, feature, callId),
  };
}
