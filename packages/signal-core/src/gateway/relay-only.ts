import { isIP, isIPv6 } from 'node:net';
import type { IceCandidate, Renegotiation } from '../protocol/signal.js';
import type { MayBeRelay } from './relay-addresses.js';

/**
 * A `candidate-attribute` (RFC 8839, section 5.1) of type `relay`. The type has its one place; what looks like another
 * one further back is an extension.
 */
const RELAY_CANDIDATE =
  /^candidate:([a-z\d+/]{1,32} \d{1,3} [a-z-]{1,16} \d{1,10}) ([\da-f:.]+) (\d{1,5}) typ relay(?: raddr \S+)?(?: rport \S+)?((?: \S+ \S*)*)$/i;

/** The extensions that browsers write; their values cannot hold an address. */
const EXTENSIONS = / (generation|ufrag|network-id|network-cost|tcptype) ([a-z\d+/]+)(?= |$)/gi;

/** Where a line of SDP may end, for any parser there is. */
const LINE_ENDS = /[\r\n\x85\u2028\u2029]+/;

/**
 * Attributes that are nothing without the addresses or names in them (RFC 8839, sections 5.1 and 5.2; RFC 8840,
 * section 8.2; RFC 4570; `alt` is an old draft's candidate).
 */
const GONE = /^a=\s*(candidate|remote-candidates|end-of-candidates|source-filter|alt\s*(:|$))/i;
const RTCP = /^a=\s*rtcp\s*(:|$)/i;

/** Lines that say who and where somebody is, and that no browser reads (RFC 8866, sections 5.4 to 5.6). */
const ABOUT_SOMEBODY = ['i=', 'u=', 'e=', 'p='];

/** The one thing in an SDP that looks like an IPv6 address and is none (RFC 8122, section 5). */
const FINGERPRINT = /^a=fingerprint:[\w-]+ [\da-f]{2}(:[\da-f]{2})+$/i;

const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}/g;
/** These two begin where a word does, or a long one would be read anew from each of its characters. */
const MDNS_NAME = /(?<![\w-])[\w-]+\.local\b/gi;
const HEX_AND_COLONS = /(?<![\da-f:])[\da-f]*:[\da-f:]*/gi;

/**
 * A candidate as it may be shown to the peer when only relays are: rebuilt from what is known of it, without the
 * address that the relay sees.
 *
 * @param mayBeRelay - of which addresses it is believed that they are a relay's
 * @returns `undefined` for what is of another type, or cannot be read
 * @see SPEC.md, rule TURN-4
 */
export function relayOnlyCandidate(
  candidate: IceCandidate | null,
  mayBeRelay: MayBeRelay,
): IceCandidate | null | undefined {
  // the end of candidates, in either way to say it
  if (candidate === null) return candidate;
  if (candidate.candidate === '') return { ...candidate, ...scrubbedFields(candidate) };
  const match = RELAY_CANDIDATE.exec(candidate.candidate);
  if (match === null) return undefined;
  const [, head = '', address = '', port = '', rest = ''] = match;
  if (isIP(address) === 0 || Number(port) > 65_535 || !mayBeRelay(address)) return undefined;
  const related = isIPv6(address) ? '::' : '0.0.0.0';
  const extensions = (rest.match(EXTENSIONS) ?? []).join('');
  const line = `candidate:${head} ${address} ${port} typ relay raddr ${related} rport 0${extensions}`;
  return { ...candidate, ...scrubbedFields(candidate), candidate: line };
}

/** What names a section, or a description, is scrubbed as it is there. */
function scrubbedFields({ sdpMid, usernameFragment }: IceCandidate): Partial<IceCandidate> {
  return {
    ...(typeof sdpMid === 'string' && { sdpMid: scrubbed(sdpMid) }),
    ...(typeof usernameFragment === 'string' && { usernameFragment: scrubbed(usernameFragment) }),
  };
}

/**
 * A description as it may be shown to the peer when only relays are: no candidates, and nobody's address or port.
 *
 * @see SPEC.md, rule TURN-4
 */
export function relayOnlyDescription<D extends Renegotiation>(description: D): D {
  if (!('sdp' in description)) return description;
  const lines = description.sdp.split(LINE_ENDS).map(withoutAddresses);
  const sdp = lines.filter((line) => line !== undefined).map((line) => `${line}\r\n`);
  return { ...description, sdp: sdp.join('') };
}

/** @returns `undefined` for what must go, and for what is no line of SDP to us but might be one to others */
function withoutAddresses(line: string): string | undefined {
  if (ABOUT_SOMEBODY.includes(line.slice(0, 2))) return undefined;
  switch (line.slice(0, 2)) {
    case 'c=':
      return /^c=IN IP[46] \S/.test(line) ? 'c=IN IP4 0.0.0.0' : undefined;
    case 'o=': {
      const [, session] = /^o=(\S+ \S+ \S+) IN IP[46] \S/.exec(line) ?? [];
      return session && `o=${scrubbed(session.replace(/^[^@ ]*@\S*/, '-'))} IN IP4 0.0.0.0`;
    }
    case 'm=': {
      const [, media, port, rest] = /^m=([\w-]+) (\d+)(?:\/\d+)? (\S.*)$/.exec(line) ?? [];
      // port 0 refuses the section (RFC 3264, section 6), any other says where media goes; 9 is nowhere
      return media && `m=${media} ${Number(port) === 0 ? 0 : 9} ${scrubbed(String(rest))}`;
    }
    case 'a=':
      return attribute(line);
    default:
      return /^[a-z]=/.test(line) ? scrubbed(line) : undefined;
  }
}

function attribute(line: string): string | undefined {
  // as the most lenient parser would read it
  if (GONE.test(line)) return undefined;
  if (RTCP.test(line)) return 'a=rtcp:9 IN IP4 0.0.0.0';
  return FINGERPRINT.test(line) ? line : scrubbed(withoutHost(line));
}

/** A CNAME may be `user@host` (RFC 3550, section 6.5.1). */
function withoutHost(line: string): string {
  if (!line.includes('@')) return line;
  const cname = line.toLowerCase().indexOf('cname:');
  const host = cname < 0 ? -1 : line.indexOf('@', cname);
  return host < 0 ? line : line.slice(0, host);
}

/** Whatever else looks like an address, anywhere in a text. */
function scrubbed(text: string): string {
  const named = text.includes('.') ? text.replace(IPV4, '0.0.0.0').replace(MDNS_NAME, '0.0.0.0') : text;
  if (!named.includes(':')) return named;
  return named.replace(HEX_AND_COLONS, (run) => (run.includes('::') || run.split(':').length > 3 ? '::' : run));
}
