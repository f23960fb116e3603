import { describe, expect, test } from 'vitest';
import { bearing, FROM_AFAR, serving, verifyToken } from '../e2e/rest-steps.ts';

const status = async (url: string, headers: Record<string, string> = {}) =>
  (await fetch(`${url}/metrics`, { headers })).status;

describe('GET /metrics', () => {
  test('[METRICS-1] answers 404 unless it is asked for', async () => {
    for (const options of [{}, { metrics: false }]) {
      const { url } = await serving(options);
      expect(await status(url)).toBe(404);
    }
  });

  test('[METRICS-1] answers in the format of Prometheus', async () => {
    const { url } = await serving({ metrics: true });
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toMatch(/^# HELP signal_connections .+\n# TYPE signal_connections gauge\n/m);
  });

  test('[METRICS-1] in `open` to everybody', async () => {
    const { url } = await serving({ metrics: true });
    expect(await status(url, FROM_AFAR)).toBe(200);
  });

  test('[METRICS-1] [AUTH-10] else to this machine and to credentials', async () => {
    const { url } = await serving({ metrics: true, auth: { verifyToken } });
    expect(await status(url)).toBe(200);
    const refused = await fetch(`${url}/metrics`, { headers: FROM_AFAR });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await refused.json()).toEqual({ error: expect.any(String), code: 'unauthorized' });
    expect(await status(url, bearing('nonsense', FROM_AFAR).headers)).toBe(401);
    expect(await status(url, bearing('/alice', FROM_AFAR).headers)).toBe(200);
  });

  test('[METRICS-1] with a token of its own to its bearer alone', async () => {
    for (const auth of ['open', { verifyToken }] as const) {
      const { url } = await serving({ metrics: { token: 'of the scraper'.replaceAll(' ', '-') }, auth });
      expect(await status(url)).toBe(401);
      expect(await status(url, bearing('/alice').headers)).toBe(401);
      expect(await status(url, bearing('of-the').headers)).toBe(401);
      expect(await status(url, bearing('of-the-scraper', FROM_AFAR).headers)).toBe(200);
      expect((await fetch(`${url}/metrics?token=of-the-scraper`)).status).toBe(401);
    }
  });
});
