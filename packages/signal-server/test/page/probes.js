// Runs in a page before all that is its own, and sees what no person sees. `probes.ts` has its types.

const connections = [];
globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
  constructor(...options) {
    super(...options);
    connections.push(this);
  }
};

const refused = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  refused.push(`${effectiveDirective}: ${blockedURI}`);
});

let usableAt;
const observer = new MutationObserver(() => {
  if (!document.querySelector('button')) return;
  usableAt = performance.now();
  observer.disconnect();
});
observer.observe(document, { childList: true, subtree: true });

/** Of the call that goes on, or was the last. */
async function inbound(isWanted) {
  const stats = await connections.at(-1)?.getStats();
  return [...(stats?.values() ?? [])].find((report) => report.type === 'inbound-rtp' && isWanted(report));
}

globalThis.probes = {
  refused,

  /** In milliseconds since the address was entered: when there was something to press. */
  usableAt: () => usableAt,

  /** Of a video that is shown: what was decoded for it, and what it has shown. */
  async frames(label) {
    const video = document.querySelector(`video[aria-label="${label}"]`);
    const [track] = video?.srcObject?.getVideoTracks() ?? [];
    const report = await inbound(({ trackIdentifier }) => trackIdentifier === track?.id);
    return { decoded: report?.framesDecoded ?? 0, shown: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0 };
  },

  /** Of what is heard: the energy so far, and over how many seconds. */
  async sound() {
    const report = await inbound(({ kind }) => kind === 'audio');
    return { energy: report?.totalAudioEnergy ?? 0, seconds: report?.totalSamplesDuration ?? 0 };
  },

  /** Both ends' names of this round of ICE. */
  iceRound() {
    const { localDescription, remoteDescription } = connections.at(-1) ?? {};
    return [localDescription, remoteDescription].map((description) => /a=ice-ufrag:(.+)/.exec(description?.sdp)?.[1]);
  },

  /** Whether what a person gave to the page is all given back. */
  areDevicesFree() {
    return connections.every((pc) => pc.getSenders().every(({ track }) => !track || track.readyState === 'ended'));
  },
};
