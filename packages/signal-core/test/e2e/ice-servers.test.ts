import { createHmac } from 'node:crypto';
import { FakeClock, startTestServer } from 'signal-core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { iceServersFor } from '../../src/auth/ice-servers.ts';
import { LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';

const STUN = { urls: 'stun:stun.example:3478' };
const URLS = ['turn:turn.example:3478', 'turns:turn.example:5349'];
const SECRET = 'between the two servers';
const credential = (username: string) => createHmac('sha1', SECRET).update(username).digest('base64');

describe('[TURN-1] servers for a user', () => {
  it('[TURN-1] are those of the option, and one more with credentials that lapse', () => {
    const username = '1600:auth0|alice';
    const given = iceServersFor({ iceServers: [STUN], turn: { urls: URLS, secret: SECRET } }, 'auth0|alice', 1_000_999);
    expect(given).toEqual({
      iceServers: [STUN, { urls: URLS, username, credential: credential(username) }],
      ttlSeconds: 600,
    });
  });

  it('[TURN-1] last as long as the option says', () => {
    const turn = { urls: URLS, secret: SECRET, ttlSeconds: 3_600 };
    const { iceServers, ttlSeconds } = iceServersFor({ iceServers: [], turn }, 'alice', 1_000_000);
    expect([iceServers[0]?.username, ttlSeconds]).toEqual(['4600:alice', 3_600]);
  });

  it('[TURN-1] never lapse without a TURN server, and name nobody', () => {
    expect(iceServersFor({ iceServers: [STUN] }, 'alice', 1_000_000)).toEqual({ iceServers: [STUN] });
  });
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('[TURN-1] join_success gives them, for whoever joined', async () => {
    const { connect, login } = await stage(transport, { iceServers: [STUN], turn: { urls: URLS, secret: SECRET } });
    for (const name of ['alice', 'bob']) {
      const user = await login(name);
      const { iceServers, ttlSeconds } = await (await connect(name)).join(user);
      const username = iceServers[1]?.username ?? '';
      expect(username.split(':')[1]).toBe(user.id);
      expect(iceServers).toEqual([STUN, { urls: URLS, username, credential: credential(username) }]);
      expect(ttlSeconds).toBe(600);
    }
  });

  it('[TURN-3] ice_servers gives new ones', async () => {
    const clock = new FakeClock(Date.UTC(2030, 0, 1));
    const { url, close } = await startTestServer({ clock, turn: { urls: URLS, secret: SECRET } });
    onTestFinished(close);
    const alice = await new LegacyClient({ url, transport, name: 'alice' }).connect();
    onTestFinished(() => alice.close());
    const first = await alice.join({ id: 'alice', username: 'alice' });
    await clock.advance(480_000);
    const username = `${Date.UTC(2030, 0, 1) / 1000 + 480 + 600}:alice`;
    expect(await alice.ask('ice_servers')).toEqual({
      ok: true,
      iceServers: [{ urls: URLS, username, credential: credential(username) }],
      ttlSeconds: 600,
    });
    expect(first.iceServers[0]?.username).not.toBe(username);
  });
});
