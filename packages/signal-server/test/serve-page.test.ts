import { get } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { contradictionIn } from '../src/contradiction.ts';
import { createStandaloneServer, resolveConfig, type StandaloneOptions } from '../src/index.ts';
import { servesPage } from '../src/page-setting.ts';
import { DEFAULT_CONFIG } from '../src/server-config.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function running(options: Partial<StandaloneOptions> = {}) {
  const server = createStandaloneServer({ auth: 'open', port: 0, host: '127.0.0.1', logger: quiet, ...options });
  onTestFinished(() => server.close());
  return server.listen();
}

test('[PAGE-1] it is served in open mode, but in production, unless told', () => {
  const table = [
    [{ auth: 'open', page: undefined }, false, true],
    [{ auth: 'open', page: undefined }, true, false],
    [{ auth: 'open', page: true }, true, true],
    [{ auth: 'open', page: false }, false, false],
    [{ auth: 'passwords', page: undefined }, false, false],
    [{ auth: 'token', page: undefined }, false, false],
  ] as const;
  for (const [config, isProduction, isServed] of table) expect(servesPage(config, isProduction)).toBe(isServed);
});

test('[PAGE-1] --no-page, --page, SIGNAL_PAGE and the file key say so', () => {
  const pageOf = (...argv: string[]) => {
    const request = parseArguments(argv);
    return resolveConfig('flags' in request ? { flags: request.flags } : {}).config.page;
  };
  expect([pageOf(), pageOf('--page'), pageOf('--no-page'), pageOf('--page', 'false')]).toEqual([
    undefined,
    true,
    false,
    false,
  ]);
  expect(resolveConfig({ env: { SIGNAL_PAGE: 'false' } })).toMatchObject({
    config: { page: false },
    sources: { page: 'env SIGNAL_PAGE' },
  });
  expect(resolveConfig({ file: { path: 'f', values: { page: true } } }).config.page).toBe(true);
});

test('[PAGE-1] a page that asks for no password is wrong usage where one is needed', () => {
  const config = { ...DEFAULT_CONFIG, auth: 'passwords', users: 'u.json', page: true } as const;
  const fault = contradictionIn(config, { isProduction: false, nameOf: (name) => name });
  expect(fault).toBe('page is for auth open, and this is auth passwords: the page asks for no password; leave it out');
  expect(contradictionIn({ ...config, page: false }, { isProduction: false, nameOf: String })).toBeUndefined();
});

test('[PAGE-1] in production, and with page: false, there is no page', async () => {
  expect((await fetch(await running({ page: false }))).status).toBe(404);
  vi.stubEnv('NODE_ENV', 'production');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect((await fetch(await running())).status).toBe(404);
  expect((await fetch(await running({ page: true }))).status).toBe(200);
});

test('[PAGE-2] the page is revalidated, and its assets are immutable', async () => {
  const url = await running();
  const page = await fetch(`${url}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await statusOf(`${url}/`, { 'if-none-match': page.headers.get('etag') ?? '' })).toBe(304);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  expect(assets.map((path) => path.split('.').at(-1)).toSorted()).toEqual(['css', 'js', 'svg']);
  for (const path of assets) {
    expect(path).toMatch(/^\/assets\/\w+-[\w-]{8}\.\w+$/);
    const asset = await fetch(url + path);
    expect(asset.status).toBe(200);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('etag')).not.toBeNull();
  }
});

test('[PAGE-2] no other route answers otherwise with it, and it is told the path of the endpoint', async () => {
  const [url, bare] = [
    await running({ path: '/calls', metrics: true }),
    await running({ page: false, path: '/calls' }),
  ];
  expect(await (await fetch(url)).text()).toContain('<meta name="signal-path" content="/calls">');
  for (const path of ['/calls/?EIO=4&transport=polling', '/health', '/livez', '/api/online-users']) {
    const [withPage, without] = [await fetch(url + path), await fetch(bare + path)];
    expect([path, withPage.status, withPage.headers.get('content-type')]).toEqual([
      path,
      without.status,
      without.headers.get('content-type'),
    ]);
  }
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('# HELP');
  const missing = ['/index.html', '/assets', '/assets/', '/assets/nothing.js', '/assets/..%2findex.html', '/nowhere'];
  for (const path of missing) {
    const answer = await fetch(url + path);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      404,
      'application/json; charset=utf-8',
    ]);
  }
  expect((await fetch(url, { method: 'POST' })).status).toBe(404);
});

test('[PAGE-4] all its JavaScript together is 80 KiB gzipped at most', async () => {
  const url = await running();
  const scripts = [...(await (await fetch(url)).text()).matchAll(/src="([^"]+\.js)"/g)].map(([, path = '']) => path);
  const sizes = scripts.map(async (path) => gzipSync(await (await fetch(url + path)).text()).length);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(20 * 1024);
  expect(total).toBeLessThanOrEqual(80 * 1024);
});

test('[PAGE-3] every answer lets in what is its own alone, and the page holds nothing inline', async () => {
  const url = await running();
  for (const path of ['/', '/health', '/nowhere']) {
    const { headers } = await fetch(url + path);
    const policy = (headers.get('content-security-policy') ?? '').split(';');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]),
    );
    const sources = policy.flatMap((directive) => directive.split(' ').slice(1));
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'script'"]));
    expect(headers.get('x-frame-options')).toBe('DENY');
  }
  const html = await (await fetch(url)).text();
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|https?:/);
  expect(html).not.toMatch(/<script(?![^>]*\ssrc="\/)/);
});

/** `fetch` would answer 304 with what it has. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
