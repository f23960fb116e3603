import type { SignalingClient } from 'signal-core/client';
import type { MediaPeer } from '../session/media-peer.js';
import type { ScriptedOptions } from '../session/scripted-peer.js';
import type { Observe } from '../session/timeline.js';

/** Makes the media end of a call, once for each call. */
export type PeerFactory = (script: ScriptedOptions) => MediaPeer;

interface PeerChoice {
  rtc: boolean;
  client: SignalingClient;
  username: string;
  observe: Observe;
}

/** Loads what is needed for that kind of peer, and nothing of the other kind. */
export async function peerFactory({ rtc, client, username, observe }: PeerChoice): Promise<PeerFactory> {
  if (!rtc) {
    const { ScriptedPeer } = await import('../session/scripted-peer.js');
    return (script) => new ScriptedPeer(script);
  }
  const [{ loadWrtc }, { RealPeer }, { milestone }] = await Promise.all([
    import('../session/load-wrtc.js'),
    import('../session/real-peer.js'),
    import('../session/timeline.js'),
  ]);
  const PeerConnection = await loadWrtc();
  const onMilestone = (event: string, summary?: string) => observe(milestone(event, summary));
  return () => new RealPeer({ PeerConnection, configuration: client.rtcConfiguration, username, onMilestone });
}
