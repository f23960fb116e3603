import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { inTime } from '../session/in-time.js';

/**
 * Asks for an upgrade to WebSocket (RFC 6455, section 4.1), and closes again.
 *
 * @returns the HTTP status: 101 when it is taken
 */
export async function tryWebSocket(address: URL, timeoutMs: number): Promise<number> {
  const request = (address.protocol === 'https:' ? httpsRequest : httpRequest)(address, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    },
  });
  const answered = new Promise<number>((resolve, reject) => {
    request.on('upgrade', ({ statusCode = 0 }) => resolve(statusCode));
    request.on('response', ({ statusCode = 0 }) => resolve(statusCode));
    request.on('error', reject);
  });
  request.end();
  try {
    return await inTime(answered, timeoutMs, 'the upgrade');
  } finally {
    request.destroy();
  }
}
