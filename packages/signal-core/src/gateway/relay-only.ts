import { isIP, isIPv6 } from 'node:net';
import type { IceCandidate, Renegotiation } from '../protocol/signal.js';

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

/** Attributes that are nothing without the addresses in them (RFC 8839, sections 5.1 and 5.2; RFC 8840, section 8.2). */
const GONE = /^(candidate|remote-candidates|end-of-candidates)/;

/** The one thing in an SDP that looks like an IPv6 address and is none (RFC 8122, section 5). */
const FINGERPRINT = /^a=fingerprint:[\w-]+ [\da-f]{2}(:[\da-f]{2})+$/i;

const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}/g;
const MDNS_NAME = /[\w-]{1,63}\.local\b/gi;
const HEX_AND_COLONS = /[\da-f:]+/gi;

/**
 * A candidate as it may be shown to the peer when only relays are: rebuilt from what is known of it, without the
 * address that the relay sees.
 *
 * @returns `undefined` for what is of another type, or cannot be read
 * @see SPEC.md, rule TURN-4
 */
export function relayOnlyCandidate(candidate: IceCandidate | null): IceCandidate | null | undefined {
  // the end of candidates, in either way to say it
  if (candidate === null || candidate.candidate === '') return candidate;
  const match = RELAY_CANDIDATE.exec(candidate.candidate);
  if (match === null) return undefined;
  const [, head = '', address = '', port = '', rest = ''] = match;
  if (isIP(address) === 0 || Number(port) > 65_535) return undefined;
  const related = isIPv6(address) ? '::' : '0.0.0.0';
  const extensions = (rest.match(EXTENSIONS) ?? []).join('');
  const line = `candidate:${head} ${address} ${port} typ relay raddr ${related} rport 0${extensions}`;
  return { ...candidate, candidate: line };
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
  switch (line.slice(0, 2)) {
    case 'c=':
      return /^c=IN IP[46] \S/.test(line) ? 'c=IN IP4 0.0.0.0' : undefined;
    case 'o=': {
      const [, session] = /^o=(\S+ \S+ \S+) IN IP[46] \S/.exec(line) ?? [];
      return session && `o=${scrubbed(session)} IN IP4 0.0.0.0`;
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
  const name = String(line.slice(2).split(':', 1)).trim().toLowerCase();
  if (GONE.test(name)) return undefined;
  if (name === 'rtcp') return 'a=rtcp:9 IN IP4 0.0.0.0';
  return FINGERPRINT.test(line) ? line : scrubbed(line);
}

/** Whatever else looks like an address, anywhere in a text. */
function scrubbed(text: string): string {
  return text
    .replace(IPV4, '0.0.0.0')
    .replace(MDNS_NAME, '0.0.0.0')
    .replace(HEX_AND_COLONS, (run) => (run.includes('::') || run.split(':').length > 3 ? '::' : run));
}
