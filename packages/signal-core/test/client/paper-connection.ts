import type { PeerConnection } from 'signal-core/client';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';

/** A peer connection without any media: it notes what is asked of it, and is in whatever state the test says. */
export function paperConnection() {
  const target = new EventTarget();
  const asked: string[] = [];
  const note = async (what: string) => {
    asked.push(what);
  };
  const pc = {
    signalingState: 'stable',
    iceConnectionState: 'new',
    connectionState: 'new',
    iceGatheringState: 'new',
    localDescription: null as PeerConnection['localDescription'],
    remoteDescription: null as object | null,
    createOffer: async () => OFFER,
    createAnswer: async () => ANSWER,
    setLocalDescription: ({ type }: { type: string }) => {
      pc.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
      if (type !== 'rollback') pc.localDescription = { type, sdp: OFFER.sdp };
      return note(`local ${type}`);
    },
    setRemoteDescription: ({ type }: { type: string }) => {
      pc.signalingState = { offer: 'have-remote-offer', pranswer: 'have-remote-pranswer' }[type] ?? 'stable';
      pc.remoteDescription = { type };
      return note(`remote ${type}`);
    },
    addIceCandidate: (candidate: { candidate: string } | null) =>
      note(candidate === null ? 'end of candidates' : (candidate.candidate.split(' ')[0] ?? '')),
    restartIce: () => void note('restart'),
    close: () => void note('close'),
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  const fire = (type: string, members: object = {}) => target.dispatchEvent(Object.assign(new Event(type), members));
  return { pc, asked, fire };
}
