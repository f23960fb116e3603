import { readFile } from 'node:fs/promises';
import { Failure } from '../failure.js';
import { fieldsOf } from '../session/fields.js';

/**
 * Reads an SDP offer from a file: the SDP itself, or `{"type": "offer", "sdp": "…"}` as browsers write it.
 *
 * @throws Failure `usage` when it is neither
 */
export async function readOffer(path: string): Promise<string> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `cannot read the offer: ${error instanceof Error ? error.message : error}`);
  }
  const sdp = content.startsWith('v=0') ? content : sdpOfJson(content);
  if (sdp === undefined) throw new Failure('usage', `${path} holds no SDP: it should begin with v=0`);
  // Editors save LF; the grammar wants CR LF (RFC 8866, section 5).
  return sdp.replace(/\r?\n/g, '\r\n');
}

function sdpOfJson(content: string): string | undefined {
  try {
    const { sdp } = fieldsOf(JSON.parse(content));
    return typeof sdp === 'string' && sdp.startsWith('v=0') ? sdp : undefined;
  } catch {
    return undefined;
  }
}
