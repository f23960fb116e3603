import { recordingOf } from '../../session/recordings/library.js';
import type { Mix } from '../plan.js';
import { fragmentOf } from './candidates.js';

/** What a side of a call offers, or answers. */
export interface Description {
  sdp: string;
  /** As it is sent, with its type. */
  json: string;
}

/** The session descriptions of a call. */
export interface Descriptions {
  offer: Description;
  answer: Description;
}

const SMALL =
  'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:none\r\n';
const FRAGMENT = /(?<=^a=ice-ufrag:)\S+/gm;

/**
 * Makes the descriptions of calls: all alike, but for the ICE user name fragment. A server may forward only candidates
 * that have the one of their description.
 *
 * @returns from the tag of a call
 */
export function describer(sdp: Mix['sdp']): (tag: string) => Descriptions {
  const { offer, answer } = sdp === 'small' ? { offer: SMALL, answer: SMALL } : recorded();
  const [offerOf, answerOf] = [template('offer', offer), template('answer', answer)];
  return (tag) => ({ offer: offerOf(fragmentOf(tag, 'caller')), answer: answerOf(fragmentOf(tag, 'callee')) });
}

/** Escaping a description takes longer than all else of sending it: it is done once. */
function template(type: 'offer' | 'answer', sdp: string): (fragment: string) => Description {
  const parts = sdp.split(FRAGMENT);
  const escaped = parts.map((part) => JSON.stringify(part).slice(1, -1));
  return (fragment) => ({
    sdp: parts.join(fragment),
    json: `{"type":"${type}","sdp":"${escaped.join(fragment)}"}`,
  });
}

function recorded(): { offer: string; answer: string } {
  const { offer, answer } = recordingOf('video');
  return { offer: offer.sdp, answer: answer.sdp };
}
