import { chromeCallsFirefox } from './chrome-calls-firefox.js';
import { firefoxCallsChrome } from './firefox-calls-chrome.js';
import type { Recording } from './recording.js';

const RECORDINGS: readonly Recording[] = [chromeCallsFirefox, firefoxCallsChrome];

/** The recording that stands for calls of that type. */
export function recordingOf(callType: Recording['callType']): Recording {
  return callType === 'audio' ? firefoxCallsChrome : chromeCallsFirefox;
}

/** The recording that an offer claims to be, told by its origin line (RFC 8866, section 5.2). */
export function recordingOfOffer(sdp: string): Recording | undefined {
  return RECORDINGS.find((recording) => originOf(recording.offer.sdp) === originOf(sdp));
}

/** What tells one SDP session from another, and does not change with its bytes elsewhere. */
export function originOf(sdp: string): string | undefined {
  return /^o=.*$/m.exec(sdp)?.[0].trimEnd();
}
