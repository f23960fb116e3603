import { formatDuration } from '../format/duration.js';
import { isLoopback } from '../load/loopback.js';
import { fieldsOf } from '../session/fields.js';
import { endpoint } from '../session/rest.js';
import { type Finding, reasonOf, reportOn } from './finding.js';
import { addressesOf, placeOf, tryTcp, tryTls } from './network.js';
import { tryWebSocket } from './web-socket.js';

/** The server, and how long each step may take. */
export interface Way {
  url: URL;
  path: string;
  timeoutMs: number;
}

const DAY_MS = 86_400_000;
const SOON_MS = 14 * DAY_MS;
/** Servers grant tokens as much. */
const CLOCK_LEEWAY_MS = 30_000;

/** Checks each step on the way to the server; what follows one that failed is skipped. */
export async function* wayChecks(way: Way): AsyncGenerator<Finding> {
  const steps = [
    ['name', checkName],
    ['tcp', checkTcp],
    ['tls', checkTls],
    ['health', checkHealth],
    ['clock', checkClock],
    ['polling', checkPolling],
    ['websocket', checkWebSocket],
  ] as const;
  let failed: string | undefined;
  for (const [name, check] of steps) {
    const finding = failed === undefined ? await check(way) : reportOn(name, 'unreachable').skip(`after ${failed}`);
    // an application behind a proxy may be reached where its health is not
    if (finding.status === 'fail' && ['name', 'tcp', 'tls'].includes(name)) failed = name;
    yield finding;
  }
}

async function checkName({ url, timeoutMs }: Way): Promise<Finding> {
  const { ok, fail } = reportOn('name', 'unreachable');
  const { host } = placeOf(url);
  try {
    const addresses = await addressesOf(host, timeoutMs);
    return ok(addresses.length === 0 ? `${host} is an address` : `${host} is ${addresses.join(', ')}`);
  } catch (error) {
    return fail(`${host} is not found (${reasonOf(error)})`, 'is --url right, and the network up?');
  }
}

async function checkTcp({ url, timeoutMs }: Way): Promise<Finding> {
  const { ok, fail } = reportOn('tcp', 'unreachable');
  const place = placeOf(url);
  const startedAt = performance.now();
  try {
    await tryTcp(place, timeoutMs);
    return ok(`port ${place.port} opens in ${formatDuration(performance.now() - startedAt)}`);
  } catch (error) {
    const reason = reasonOf(error);
    const isRefused = reason === 'ECONNREFUSED';
    return fail(
      `port ${place.port}: ${reason}`,
      isRefused ? 'nobody listens there: start the server, or correct --url' : 'a firewall in between? is --url right?',
    );
  }
}

async function checkTls({ url, timeoutMs }: Way): Promise<Finding> {
  const { ok, note, fail } = reportOn('tls', 'unreachable');
  if (url.protocol !== 'https:') {
    if (isLoopback(url)) return ok('not used, nor needed on one machine');
    return note('not used: whoever is in between reads tokens and calls', 'use https:// where the server has it');
  }
  try {
    const until = await tryTls(placeOf(url), timeoutMs);
    const day = new Date(until).toISOString().slice(0, 10);
    const isSoon = until - Date.now() < SOON_MS;
    return isSoon ? note(`certificate good until ${day} only`, 'renew it') : ok(`certificate good until ${day}`);
  } catch (error) {
    const reason = reasonOf(error);
    return fail(reason, TLS_FIXES.find(([form]) => form.test(reason))?.[1] ?? 'does the server speak TLS? try http://');
  }
}

const TLS_FIXES = [
  [/EXPIRED/, 'renew the certificate'],
  [/ALTNAME/, 'use the name that is in the certificate in --url'],
  [/SELF_SIGNED|UNABLE_TO/, 'name its authority: NODE_EXTRA_CA_CERTS=cert.pem'],
] as const;

async function checkHealth(way: Way): Promise<Finding> {
  const { ok, note, fail } = reportOn('health', 'unreachable');
  try {
    const response = await get(way, 'health');
    const { status } = fieldsOf(await response.json().catch(() => undefined));
    if (response.ok && status === 'OK') return ok('OK');
    if (response.status >= 500) return fail(`/health answers ${response.status}`, 'look at the log of the server');
    return note(`no /health of a signaling server (HTTP ${response.status})`, 'is --url right? a proxy may hide it');
  } catch (error) {
    return fail(reasonOf(error), 'something listens there, and does not answer HTTP: is --url right?');
  }
}

/** Tokens are judged by the server's clock. */
async function checkClock(way: Way): Promise<Finding> {
  const { ok, skip, note } = reportOn('clock', 'internal');
  try {
    const askedAt = Date.now();
    const response = await get(way, 'health');
    const here = (askedAt + Date.now()) / 2;
    await response.body?.cancel();
    const there = Date.parse(response.headers.get('date') ?? '');
    if (Number.isNaN(there)) return skip('the server does not say its time');
    // the header has whole seconds: half of one more, on average
    const apart = here - (there + 500);
    if (Math.abs(apart) < CLOCK_LEEWAY_MS) return ok("as the server's");
    const seconds = Math.round(Math.abs(apart) / 1000);
    const where = apart > 0 ? 'ahead of' : 'behind';
    return note(
      `${seconds} s ${where} the server's`,
      'set the wrong one of the two (NTP): tokens would lapse early, or late',
    );
  } catch (error) {
    return skip(reasonOf(error));
  }
}

async function checkPolling(way: Way): Promise<Finding> {
  const { ok, note, fail } = reportOn('polling', 'unreachable');
  const address = engineAddress(way, 'polling');
  try {
    const signal = AbortSignal.timeout(way.timeoutMs);
    const response = await fetch(address, { signal });
    const text = await response.text();
    if (response.status === 404) {
      return fail(`nothing at ${way.path} (HTTP 404)`, 'name the Socket.IO path of the server: --path');
    }
    if (response.status === 400 && /Transport unknown/.test(text)) {
      return note('the server does not take it', 'nothing, where WebSocket works');
    }
    const [, session] = /^0\{"sid":"([^"]+)"/.exec(text) ?? [];
    if (!response.ok || session === undefined) {
      return fail(
        `no Socket.IO at ${way.path} (HTTP ${response.status})`,
        'is --path right? does a proxy in between refuse?',
      );
    }
    address.searchParams.set('sid', session);
    // a packet that closes: https://socket.io/docs/v4/engine-io-protocol/
    const second = await fetch(address, { method: 'POST', body: '1', signal });
    if (second.ok) return ok(`Socket.IO at ${way.path}`);
    return fail(
      `the second request of a session is refused (HTTP ${second.status})`,
      'with several servers behind a balancer, keep each client at one of them',
    );
  } catch (error) {
    return fail(reasonOf(error), 'does a proxy in between cut connections?');
  }
}

async function checkWebSocket(way: Way): Promise<Finding> {
  const { ok, fail } = reportOn('websocket', 'unreachable');
  try {
    const status = await tryWebSocket(engineAddress(way, 'websocket'), way.timeoutMs);
    if (status === 101) return ok('the upgrade is taken');
    if (status === 404)
      return fail(`nothing at ${way.path} (HTTP 404)`, 'name the Socket.IO path of the server: --path');
    return fail(
      `the upgrade is refused (HTTP ${status})`,
      'let the proxy pass it (nginx: proxy_http_version 1.1, and the headers Upgrade and Connection)',
    );
  } catch (error) {
    return fail(reasonOf(error), 'does a proxy in between pass WebSocket?');
  }
}

function get({ url, timeoutMs }: Way, path: string): Promise<Response> {
  return fetch(endpoint(url, path), { signal: AbortSignal.timeout(timeoutMs) });
}

function engineAddress({ url, path }: Way, transport: 'polling' | 'websocket'): URL {
  return new URL(`${path}/?EIO=4&transport=${transport}`, url.origin);
}
