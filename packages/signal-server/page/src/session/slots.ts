import { videoMids } from '../state/video-mids.js';

/**
 * Where video is in a call: its first m-line is the camera, its second the screen, from either end. A caller offers both
 * from the start, so that turning one on or off changes a direction, and never the order.
 */
export type Slot = 'camera' | 'screen';

const ORDER: readonly Slot[] = ['camera', 'screen'];

/** The m-lines of an offer that are there before anything is sent in them. */
export function addSlots(pc: RTCPeerConnection, tracks: readonly MediaStreamTrack[], stream: MediaStream): void {
  addTracks(pc, tracks, stream);
  const has = (kind: string) => tracks.some((track) => track.kind === kind);
  if (!has('audio')) pc.addTransceiver('audio', { direction: 'recvonly' });
  if (!has('video')) pc.addTransceiver('video', { direction: 'recvonly' });
  pc.addTransceiver('video', { direction: 'recvonly' });
}

/** Microphone and camera. Added in this way they fit into the offer of somebody else, too. */
export function addTracks(pc: RTCPeerConnection, tracks: readonly MediaStreamTrack[], stream: MediaStream): void {
  const audioFirst = tracks.toSorted((a, b) => a.kind.localeCompare(b.kind));
  for (const track of audioFirst) pc.addTrack(track, stream);
}

/** Sends a track in its place, or nothing. What it changes is renegotiated by whoever listens to the connection. */
export async function fillSlot(
  pc: RTCPeerConnection,
  slot: Slot,
  track: MediaStreamTrack | null,
  stream: MediaStream,
): Promise<void> {
  const transceiver = slotOf(pc, slot);
  if (transceiver === undefined) {
    if (track !== null) pc.addTransceiver(track, { streams: [stream] });
    return;
  }
  await transceiver.sender.replaceTrack(track);
  if (track !== null) transceiver.sender.setStreams(stream);
  transceiver.direction = track === null ? 'recvonly' : 'sendrecv';
}

/** The track that arrives in a place, while one does. */
export function arriving(pc: RTCPeerConnection, slot: Slot | 'microphone'): MediaStreamTrack | undefined {
  const transceiver =
    slot === 'microphone'
      ? pc.getTransceivers().find(({ receiver }) => receiver.track.kind === 'audio')
      : slotOf(pc, slot);
  const direction = transceiver?.currentDirection;
  return direction === 'sendrecv' || direction === 'recvonly' ? transceiver?.receiver.track : undefined;
}

function slotOf(pc: RTCPeerConnection, slot: Slot): RTCRtpTransceiver | undefined {
  const sdp = (pc.currentRemoteDescription ?? pc.localDescription)?.sdp ?? '';
  const mid = videoMids(sdp)[ORDER.indexOf(slot)];
  return pc.getTransceivers().find((transceiver) => transceiver.mid !== null && transceiver.mid === mid);
}
