export type UserId = string;
export type CallId = string;

/** One life of one server among several: who was declared dead comes back under another name. */
export type NodeId = string;

/** One device of one user, `user/device`: the end of a call, and the address of a message. */
export type DeviceKey = `${UserId}/${string}`;

/** Device ids hold no `/`, user ids may: the last one parts them. */
export function deviceKey(user: UserId, deviceId: string): DeviceKey {
  return `${user}/${deviceId}`;
}

export function userOf(device: DeviceKey): UserId {
  return device.slice(0, device.lastIndexOf('/'));
}

export function deviceIdOf(device: DeviceKey): string {
  return device.slice(device.lastIndexOf('/') + 1);
}
