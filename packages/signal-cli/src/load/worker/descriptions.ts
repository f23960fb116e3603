import { recordingOf } from '../../session/recordings/library.js';
import type { Mix } from '../plan.js';
import { fragmentOf, type Side } from './candidates.js';

/** The session descriptions of a call. */
export interface Descriptions {
  offer: string;
  answer: string;
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
  const sides: Record<Side, string[]> = { caller: offer.split(FRAGMENT), callee: answer.split(FRAGMENT) };
  const of = (tag: string, side: Side) => sides[side].join(fragmentOf(tag, side));
  return (tag) => ({ offer: of(tag, 'caller'), answer: of(tag, 'callee') });
}

function recorded(): Descriptions {
  const { offer, answer } = recordingOf('video');
  return { offer: offer.sdp, answer: answer.sdp };
}
