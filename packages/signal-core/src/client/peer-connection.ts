interface Description {
  type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  sdp?: string;
}

interface Candidate {
  candidate: string;
  sdpMid: string | null;
  sdpMLineIndex: number | null;
  usernameFragment: string | null;
}

/**
 * The part of `RTCPeerConnection` that a call needs: a browser's, or one for Node such as that of `@roamhq/wrtc`.
 *
 * @see https://www.w3.org/TR/webrtc/#rtcpeerconnection-interface
 */
export interface PeerConnection {
  readonly signalingState: string;
  readonly iceConnectionState: string;
  readonly connectionState: string;
  readonly iceGatheringState: string;
  readonly localDescription: { readonly type: string; readonly sdp: string } | null;
  readonly remoteDescription: object | null;
  createOffer(): Promise<Description>;
  createAnswer(): Promise<Description>;
  setLocalDescription(description: Description): Promise<void>;
  setRemoteDescription(description: Description): Promise<void>;
  addIceCandidate(candidate: Candidate | null): Promise<void>;
  restartIce(): void;
  /** Not every implementation has these two. */
  getConfiguration?(): object;
  setConfiguration?(configuration: object): void;
  close(): void;
  addEventListener(type: string, listener: (event: object) => void): void;
  removeEventListener(type: string, listener: (event: object) => void): void;
}
