/** A STUN or TURN server, as `RTCPeerConnection` takes it (W3C WebRTC, section 4.2.4). */
export interface IceServer {
  urls: string | readonly string[];
  username?: string;
  credential?: string;
}

/** A TURN server that shares a secret with this one, and lets in whoever shows credentials made from it. */
export interface TurnOptions {
  /** Such as `turn:turn.example:3478?transport=udp`. */
  urls: readonly string[];
  /** As `static-auth-secret` of coturn. */
  secret: string;
  /** How long credentials are good, in seconds. @default 600, long enough to connect, short enough to be of no use to others */
  ttlSeconds?: number;
}

/** What candidates the parties of a call may see of each other. */
export type IcePolicy = 'all' | 'relay-only';
