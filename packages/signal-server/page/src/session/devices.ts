import { type DeviceProblem, faultOf } from '../state/device-words.js';

/** What could be had of camera and microphone, and what was wrong with the rest. */
export interface Devices {
  tracks: MediaStreamTrack[];
  problems: DeviceProblem[];
}

type Device = 'camera' | 'microphone';

const CONSTRAINTS = {
  camera: { video: { width: { ideal: 1280 }, height: { ideal: 720 } } },
  microphone: { audio: { echoCancellation: true, noiseSuppression: true } },
} satisfies Record<Device, MediaStreamConstraints>;

/** Asks for devices: at once, so that a person is asked once, and else one by one, to have what there is. */
export async function openDevices(wanted: readonly Device[]): Promise<Devices> {
  const all = await open(wanted);
  if (all.problems.length === 0 || wanted.length === 1) return all;
  const each = await Promise.all(wanted.map((device) => open([device])));
  return { tracks: each.flatMap(({ tracks }) => tracks), problems: each.flatMap(({ problems }) => problems) };
}

/** Asks for a screen, a window or a tab. Nothing when the person chose none. */
export async function openScreen(): Promise<{ track?: MediaStreamTrack; problem?: DeviceProblem }> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
    const [track] = stream.getVideoTracks();
    return track ? { track } : {};
  } catch (error) {
    const fault = faultOf(nameOf(error));
    return fault === 'refused' ? {} : { problem: { device: 'screen', fault } };
  }
}

/** Phones have none. */
export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

async function open(wanted: readonly Device[]): Promise<Devices> {
  // the types do not know pages of plain HTTP
  const given: MediaDevices | undefined = navigator.mediaDevices;
  if (given === undefined) return refused(wanted, 'insecure');
  try {
    const stream = await given.getUserMedia(Object.assign({}, ...wanted.map((device) => CONSTRAINTS[device])));
    return { tracks: stream.getTracks(), problems: [] };
  } catch (error) {
    return refused(wanted, faultOf(nameOf(error)));
  }
}

function refused(wanted: readonly Device[], fault: DeviceProblem['fault']): Devices {
  return { tracks: [], problems: wanted.map((device) => ({ device, fault })) };
}

function nameOf(error: unknown): string {
  return String(Object(error).name);
}
