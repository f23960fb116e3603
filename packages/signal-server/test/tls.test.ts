import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStandaloneServer, type StandaloneOptions } from '../src/index.ts';
import { readTls } from '../src/tls.ts';
import { folder, written } from './folder.ts';
import { run } from './server-process.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function running(options: Partial<StandaloneOptions>) {
  const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet, ...options });
  onTestFinished(() => server.close());
  return { server, url: await server.listen() };
}

describe.skipIf(!hasOpenssl())('TLS', () => {
  const getOver = (url: string, ca: Buffer) =>
    new Promise<{ status: number | undefined; hsts: string | undefined; body: string }>((resolve, reject) => {
      get(url, { ca }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'], body }),
        );
      }).on('error', reject);
    });

  test('[SRV-19] serves HTTPS and WSS, from TLS 1.2, on every loopback address', async () => {
    const { cert, key } = certificate();
    const ca = readFileSync(cert);
    const { server, url } = await running({ tlsCert: cert, tlsKey: key });
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const port = Number(new URL(url).port);
    for (const address of server.addresses) {
      const host = address.includes(':') ? `[${address}]` : address;
      const { status, hsts, body } = await getOver(`https://${host}:${port}/health`, ca);
      expect(status).toBe(200);
      expect(hsts).toContain('max-age=');
      expect(JSON.parse(body)).toMatchObject({ status: 'OK' });
    }
    for (const transport of ['polling', 'websocket']) {
      const socket = io(url, { transports: [transport], reconnection: false, forceNew: true, ca: ca.toString() });
      onTestFinished(() => {
        socket.close();
      });
      await new Promise((resolve, reject) => socket.once('connect', () => resolve(null)).once('connect_error', reject));
    }
    const handshake = async (version: 'TLSv1.1' | 'TLSv1.2') => {
      const bounds = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
      const socket = connectTls({ host: '127.0.0.1', port, ca, ...bounds });
      onTestFinished(() => {
        socket.destroy();
      });
      return new Promise((resolve) => {
        socket.once('error', () => resolve('refused')).once('secureConnect', () => resolve(socket.getProtocol()));
      });
    };
    expect(await handshake('TLSv1.2')).toBe('TLSv1.2');
    expect(await handshake('TLSv1.1')).toBe('refused');
    // OpenSSL may be built to refuse it by itself
    expect(readTls({ tlsCert: cert, tlsKey: key })).toMatchObject({ minVersion: 'TLSv1.2' });
  });

  test('[SRV-19] over plain HTTP nothing promises HTTPS', async () => {
    const { url } = await running({});
    expect((await fetch(`${url}/health`)).headers.get('strict-transport-security')).toBeNull();
  });

  test('[SRV-19] the standalone process says so, and what does not fit is one line', async () => {
    const { cert, key } = certificate();
    const good = run(['--port', '0', '--tls-cert', cert, '--tls-key', key]);
    expect(await good.line('listening')).toMatchObject({ url: expect.stringMatching(/^https:/) });
    const { code, stderr } = await run(['--tls-cert', cert, '--tls-key', certificate().key]).ended;
    expect(stderr).toMatch(
      /^signal-server: --tls-cert \S+ and --tls-key \S+ are no certificate with its key, in PEM \(\w+\)\n$/,
    );
    expect(code).toBe(2);
  });

  test.each([
    ['a file that is not there', '/no/such/file', '--tls-cert /no/such/file: cannot be read (ENOENT)'],
    ['a file that is no PEM', 'x', 'are no certificate with its key'],
  ])('[SRV-19] %s is named', async (_what, cert, message) => {
    const path = cert === 'x' ? written('nonsense') : cert;
    const { key } = certificate();
    const make = () => createStandaloneServer({ auth: 'open', logger: quiet, tlsCert: path, tlsKey: key });
    expect(make).toThrow(message);
  });
});

/** A pair that is good for `localhost` today. */
function certificate(): { cert: string; key: string } {
  const path = folder();
  const [cert, key] = [join(path, 'cert.pem'), join(path, 'key.pem')];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const args = ['req', '-x509', ...curve, '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', names];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
