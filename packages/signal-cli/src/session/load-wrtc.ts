import type { IceCandidate } from 'signal-core/protocol';
import { Failure } from '../failure.js';

/** The part of the W3C interfaces that a call with one data channel needs. */
export interface PeerConnection {
  readonly iceConnectionState: string;
  readonly iceGatheringState: string;
  readonly localDescription: Description | null;
  onicecandidate: ((event: { candidate: { toJSON(): IceCandidate } | null }) => void) | null;
  oniceconnectionstatechange: (() => void) | null;
  ondatachannel: ((event: { channel: DataChannel }) => void) | null;
  createDataChannel(label: string): DataChannel;
  createOffer(): Promise<Description>;
  createAnswer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: IceCandidate): Promise<void>;
  close(): void;
}

export interface DataChannel {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  send(text: string): void;
}

interface Description {
  type: 'offer' | 'answer';
  sdp: string;
}

/**
 * WebRTC for Node, an optional dependency: it is 30 MB and native, and only `--rtc` needs it.
 *
 * @throws Failure `usage` when it is not installed
 */
export async function loadWrtc(): Promise<new () => PeerConnection> {
  try {
    const wrtc = await import('@roamhq/wrtc');
    // The package declares the browser's own types, which are not there without the DOM library.
    return wrtc.default.RTCPeerConnection as unknown as new () => PeerConnection;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    const what = reason ? 'is not installed' : 'does not load here';
    throw new Failure('usage', `--rtc needs @roamhq/wrtc, which ${what}; add it with: npm install @roamhq/wrtc`, {
      cause: error,
    });
  }
}
