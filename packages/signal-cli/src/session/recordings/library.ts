import { chromeCallsFirefox } from './chrome-calls-firefox.js';
import { firefoxCallsChrome } from './firefox-calls-chrome.js';
import type { RecordedSide, Recording } from './recording.js';

const RECORDINGS: readonly Recording[] = [chromeCallsFirefox, firefoxCallsChrome];

/** The recording that stands for calls of that type. */
export function recordingOf(callType: Recording['callType']): Recording {
  return callType === 'audio' ? firefoxCallsChrome : chromeCallsFirefox;
}

/** The recording that an offer claims to be. */
export function recordingOfOffer(sdp: string): Recording | undefined {
  return RECORDINGS.find(({ offer }) => claimsToBe(sdp, offer));
}

/** Told by the origin line (RFC 8866, section 5.2), which names one session: the other bytes may have suffered. */
export function claimsToBe(sdp: string, side: RecordedSide): boolean {
  const origin = /^o=.*$/m.exec(side.sdp)?.[0].trimEnd();
  return origin !== undefined && sdp.includes(origin);
}
