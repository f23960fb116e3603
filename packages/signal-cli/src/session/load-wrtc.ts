import type { PeerConnection, SignalingClient } from 'signal-core/client';
import { Failure } from '../failure.js';

/** The part of the W3C interfaces that a call with one data channel needs. */
export interface RtcConnection extends PeerConnection {
  readonly localDescription: { readonly type: string; readonly sdp: string } | null;
  readonly remoteDescription: { readonly sdp: string } | null;
  onsignalingstatechange: (() => void) | null;
  ondatachannel: ((event: { channel: DataChannel }) => void) | null;
  createDataChannel(label: string): DataChannel;
}

export type RtcConnectionClass = new (configuration: SignalingClient['rtcConfiguration']) => RtcConnection;

export interface DataChannel {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
}

/**
 * WebRTC for Node, an optional dependency: it is 30 MB and native, and only `--rtc` needs it.
 *
 * @throws Failure `usage` when it is not installed
 */
export async function loadWrtc(): Promise<RtcConnectionClass> {
  try {
    const wrtc = await import('@roamhq/wrtc');
    // The package declares the browser's own types, which are not there without the DOM library.
    return wrtc.default.RTCPeerConnection as unknown as RtcConnectionClass;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    const what = reason ? 'is not installed' : 'does not load here';
    throw new Failure('usage', `--rtc needs @roamhq/wrtc, which ${what}; add it with: npm install @roamhq/wrtc`, {
      cause: error,
    });
  }
}
