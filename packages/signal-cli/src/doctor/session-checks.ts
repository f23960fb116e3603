import { type IceServerList, SignalingClient, type Traffic } from 'signal-core/client';
import { Failure } from '../failure.js';
import { fieldsOf } from '../session/fields.js';
import { identify, targetOf } from '../session/identify.js';
import { listUsers } from '../session/rest.js';
import { type Standing, standingOf } from '../session/standing.js';
import type { Settings } from '../settings.js';
import { type Finding, reasonOf, reportOn } from './finding.js';
import { iceChecks } from './ice-checks.js';

/** Checks who is let in, what the server speaks, and what it says of ICE. */
export async function* sessionChecks(settings: Settings, timeoutMs: number): AsyncGenerator<Finding> {
  const login = await checkLogin({ ...settings, timeout: timeoutMs });
  yield login;
  const protocol = reportOn('protocol', 'unreachable');
  const ice = reportOn('ice', 'unreachable');
  if (login.status !== 'ok') {
    yield protocol.skip('nobody to join as');
    yield ice.skip('nobody to join as');
    return;
  }
  let joined: Joined;
  try {
    joined = await join({ ...settings, timeout: timeoutMs }, timeoutMs);
  } catch (error) {
    yield protocol.fail(`joining failed: ${error instanceof Error ? error.message : error}`, 'see the checks above');
    yield ice.skip('after protocol');
    return;
  }
  yield joined.protocol === undefined
    ? protocol.note('legacy: no acknowledgements, no return after a loss', 'nothing, for calls as they were')
    : protocol.ok(`version ${joined.protocol}`);
  yield* iceChecks(joined.iceServers, settings.url, timeoutMs);
}

async function checkLogin(settings: Settings): Promise<Finding> {
  const { ok, skip, fail } = reportOn('login', 'unauthorized');
  let standing: Standing;
  try {
    standing = await standingOf(settings, Date.now());
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'correct what shows the token');
  }
  const fix = `signal-cli login ${standing.kind === 'proven' ? standing.identity.user.username : (settings.user ?? 'NAME')}, or show a token, with --token-file FILE`;
  const token = standing.kind === 'proven' ? standing.identity.token : undefined;
  if (standing.kind === 'proven' && standing.isLapsed) return fail('the login, or token, has lapsed', fix);
  try {
    await listUsers(targetOf(settings, token), true);
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== 'unauthorized') {
      return reportOn('login', 'unreachable').fail(reasonOf(error), 'see the checks above');
    }
    return fail(token === undefined ? 'the server asks who you are' : 'the server refuses the login', fix);
  }
  if (standing.kind === 'proven') return ok(`${standing.identity.user.username}, by ${standing.from}`);
  if (standing.kind === 'named') return ok(`${standing.username}: the server is open to everybody`);
  return skip('the server is open; add --user NAME to try the rest');
}

interface Joined {
  /** None when the server speaks the legacy one. */
  protocol: number | undefined;
  iceServers: IceServerList;
}

async function join(settings: Settings, timeoutMs: number): Promise<Joined> {
  const { user, token } = await identify(settings);
  let protocol: number | undefined;
  const client = new SignalingClient({
    url: settings.url.origin,
    path: settings.path,
    user,
    token,
    presence: 'none',
    connectTimeoutMs: timeoutMs,
    ackTimeoutMs: timeoutMs,
    onTraffic: ({ direction, payload }: Traffic) => {
      const { protocol: spoken } = fieldsOf(payload);
      // the client says what it speaks, too
      if (direction !== 'sent' && typeof spoken === 'number') protocol = spoken;
    },
  });
  try {
    await client.connect();
    return { protocol, iceServers: client.rtcConfiguration.iceServers };
  } finally {
    await client.close();
  }
}
