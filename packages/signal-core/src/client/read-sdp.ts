import type { Renegotiation } from '../protocol/signal.js';

/** The line that names a description, with its version. */
export function originOf(description: Renegotiation): string | undefined {
  return description.type === 'rollback' ? undefined : /^o=.*$/m.exec(description.sdp)?.[0];
}

/** Whether an offer begins ICE anew (RFC 8839, section 4.4.1.1). @param before - the last description of that side */
export function restartsIce(offer: Renegotiation, before: object | null): boolean {
  const ufragOf = (description: object | null) => /^a=ice-ufrag:.*$/m.exec(Object(description).sdp)?.[0];
  return ufragOf(offer) !== ufragOf(before);
}
