import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import express from 'express';
import type { Browser, Frame, Page } from 'playwright-core';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';
import { listenOnLoopback } from 'signal-core/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { expectNoProcessFaults } from '../e2e/process-faults.ts';
import { isWithoutChromium, launchChromium, newPage } from './chromium.ts';

expectNoProcessFaults();

const BUNDLE = readFileSync(createRequire(import.meta.url).resolve('socket.io-client/dist/socket.io.js'), 'utf8');
const TRANSPORTS = ['websocket', 'polling'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** Any site: its pages hold socket.io-client and nothing else. */
async function site(): Promise<string> {
  const app = express()
    .get('/', (_, res) => res.send('<!doctype html><title>a page</title><script src="/io.js"></script><h1>a page</h1>'))
    .get('/io.js', (_, res) => res.type('js').send(BUNDLE))
    .get('/sandbox', (_, res) =>
      res.send('<iframe name="inner" sandbox="allow-scripts" srcdoc="<script src=/io.js></script>"></iframe>'),
    );
  const { url, stop } = await listenOnLoopback(createServer(app));
  onTestFinished(stop);
  return url;
}

/** A signaling server whose host serves pages as well, and sets the cookie of a session. */
async function signalingHost(options: Partial<SignalingServerOptions> = {}) {
  const signaling = new SignalingServer({ auth: 'open', ...options });
  const app = express()
    .get('/', (_, res) => res.send('<!doctype html><title>ours</title><script src="/io.js"></script><h1>ours</h1>'))
    .get('/io.js', (_, res) => res.type('js').send(BUNDLE))
    .get('/log-in', (_, res) => res.cookie('session', 'alice', { httpOnly: true }).send('logged in'))
    .use(signaling.router());
  const server = createServer(app);
  signaling.attach(server);
  const { url, stop } = await listenOnLoopback(server);
  onTestFinished(async () => {
    await signaling.close();
    await stop();
  });
  return { url, signaling };
}

const userOf = ({ headers }: IncomingMessage) =>
  headers.cookie?.includes('session=alice') ? { id: 'alice', username: 'alice' } : null;

/** What a page gets that connects, with the browser's cookies, and joins: `joined`, or what it is refused with. */
function connect(where: Page | Frame, url: string, transport: Transport): Promise<string> {
  return where.evaluate(
    ([url, transport]) =>
      new Promise<string>((resolve) => {
        // of the bundle in the page
        const { io } = globalThis as unknown as { io: typeof import('socket.io-client').io };
        const socket = io(url, { transports: [transport], reconnection: false, withCredentials: true, timeout: 5_000 });
        socket.on('connect_error', (error) => resolve(`refused: ${error.message}`));
        socket.on('connect', () =>
          socket.emit('join', { id: 'alice', username: 'alice' }, (reply: { ok: boolean; error?: { code: string } }) =>
            resolve(reply.ok ? 'joined' : `refused: ${reply.error?.code}`),
          ),
        );
      }),
    [url, transport] as const,
  );
}

/** The same place under another name: another origin, as a browser sees it. */
const under = (name: string, url: string) => url.replace('127.0.0.1', name);

describe.skipIf(isWithoutChromium)('a real Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(TRANSPORTS)('over %s', (transport) => {
    test('[HOST-9] a page of another origin is refused: another name, another port, another scheme of address', async () => {
      const { url } = await signalingHost();
      const page = await newPage(browser);
      const other = await site();
      for (const evil of [under('evil.localhost', other), under('localhost', other), other]) {
        await page.goto(evil);
        expect([evil, await connect(page, url, transport)]).toEqual([evil, expect.stringContaining('refused')]);
      }
    });

    test('[HOST-9] a page of a listed origin joins, and of no other', async () => {
      const [good, evil] = [under('app.localhost', await site()), under('evil.localhost', await site())];
      const { url } = await signalingHost({ origins: [good] });
      const page = await newPage(browser);
      await page.goto(evil);
      expect(await connect(page, url, transport)).toContain('refused');
      await page.goto(good);
      expect(await connect(page, url, transport)).toBe('joined');
    });

    test("[HOST-9] the server's own pages join, also under localhost, but under no name of somebody else", async () => {
      const { url } = await signalingHost();
      const page = await newPage(browser);
      for (const own of [url, under('localhost', url)]) {
        await page.goto(own);
        expect([own, await connect(page, own, transport)]).toEqual([own, 'joined']);
      }
      // a name of the attacker's that points here: DNS rebinding
      const rebound = under('evil.localhost', url);
      await page.goto(rebound);
      expect(await connect(page, rebound, transport)).toContain('refused');
    });

    test('[HOST-9] what has no origin is refused: a sandboxed frame, a data: page', async () => {
      const good = await site();
      const { url } = await signalingHost({ origins: [good] });
      const page = await newPage(browser);
      await page.goto(`${good}/sandbox`);
      const frame = page.frame('inner') ?? expect.fail('no frame');
      await frame.waitForFunction(() => 'io' in globalThis);
      expect(await frame.evaluate(() => String(Object(globalThis).origin))).toBe('null');
      expect(await connect(frame, url, transport)).toContain('refused');

      await page.goto('data:text/html,a page');
      await page.addScriptTag({ content: BUNDLE });
      expect(await connect(page, url, transport)).toContain('refused');
    });

    test("[HOST-9] [AUTH-2] a victim's cookie is of no use to another site's page", async () => {
      // the same site as far as cookies go: `SameSite` does not help
      const good = under('app.site.localhost', await site());
      const evil = under('evil.site.localhost', await site());
      const { url: here, signaling } = await signalingHost({ auth: { authenticate: userOf }, origins: [good] });
      const url = under('signal.site.localhost', here);
      const page = await newPage(browser);
      await page.goto(good);
      expect(await connect(page, url, transport)).toBe('refused: unauthorized');
      await page.goto(`${url}/log-in`);
      await page.goto(evil);
      expect(await connect(page, url, transport)).toContain('refused');
      expect((await signaling.stats()).activeUsers).toBe(0);
      await page.goto(good);
      expect(await connect(page, url, transport)).toBe('joined');
      expect(await signaling.onlineUsers()).toMatchObject([{ id: 'alice' }]);
    });
  });
});
