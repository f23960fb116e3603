import { PeerCall, type SignalingClient } from 'signal-core/client';
import { FakeClock, startTestServer } from 'signal-core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';
import { talk, VIDEO } from './call-steps.ts';
import { all, next, reaches, settle } from './heard.ts';
import { legacyServer } from './legacy-server.ts';
import { paperConnection } from './paper-connection.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { type Guest, guestsOf, stage } from './stage.ts';

const STUN = { urls: 'stun:stun.example:3478' };
const turn = { urls: ['turn:turn.example:3478'], secret: 'between the two servers' };

/** A server on whose clock a moment passes when the test says so: then it has new credentials. */
async function turnStage() {
  const clock = new FakeClock();
  const { url, close } = await startTestServer({ clock, turn });
  onTestFinished(close);
  const returns = async ({ client, proxy }: Guest) => {
    await clock.advance(1_000);
    proxy.cut();
    await reaches(client, 'reconnecting');
    await reaches(client, 'joined');
  };
  return { ...guestsOf(url), returns };
}

const usernameOf = ({ iceServers }: Pick<SignalingClient, 'iceServers'>) => iceServers[0]?.username;

it('[CLIENT-28] they are what the server gave, and what a connection is made with', async () => {
  const { guest } = await stage({ iceServers: [STUN], icePolicy: 'relay-only' });
  const { client } = await guest('alice');
  expect([client.iceServers, client.rtcConfiguration]).toEqual([[], { iceServers: [] }]);
  const given = next(client, 'iceServers');
  await client.connect();
  expect(await given).toEqual([[STUN]]);
  expect(client.iceServers).toEqual([STUN]);
  expect(client.rtcConfiguration).toEqual({ iceServers: [STUN], iceTransportPolicy: 'relay' });
  // the application may add to its own
  client.rtcConfiguration.iceServers.push(STUN);
  expect(client.iceServers).toEqual([STUN]);
});

it('[CLIENT-28] every join brings new ones, and the same ones are no news', async () => {
  const { join, returns } = await turnStage();
  const alice = await join('alice');
  const before = usernameOf(alice.client);
  const given = all(alice.client, 'iceServers');
  await returns(alice);
  expect(given).toEqual([[alice.client.iceServers]]);
  expect(usernameOf(alice.client)).not.toBe(before);

  const { join: joinOther } = await stage({ iceServers: [STUN] });
  const bob = await joinOther('bob');
  const news = all(bob.client, 'iceServers');
  bob.proxy.cut();
  await reaches(bob.client, 'reconnecting');
  await reaches(bob.client, 'joined');
  expect(news).toEqual([]);
});

it('[CLIENT-28] they are renewed before they lapse', async () => {
  const asked: unknown[] = [];
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('ice_servers', (payload, reply) => {
        asked.push(payload);
        reply({ ok: true, iceServers: [{ urls: 'turn:turn.example', username: 'new' }] });
      });
      answer({ ...JOINED, iceServers: [{ urls: 'turn:turn.example', username: 'old' }], ttlSeconds: 1 });
    },
  });
  const { client } = await guestsOf(url).join('alice');
  expect(usernameOf(client)).toBe('old');
  expect(await next(client, 'iceServers', 20_000)).toEqual([client.iceServers]);
  expect([usernameOf(client), asked.length]).toEqual(['new', 1]);
});

it('[CLIENT-28] a server of the legacy protocol gives none, and is asked for none', async () => {
  const { client, wire } = await guestsOf(await legacyServer()).join('alice');
  expect(client.rtcConfiguration).toEqual({ iceServers: [] });
  expect(wire.filter(({ direction }) => direction === 'sent').map(({ event }) => event)).toEqual(['join']);
});

/** A call of one paper end, and how its ICE fails. */
async function paperCall(alice: Guest, bob: Guest, extra: object) {
  const { pc, asked, fire } = paperConnection();
  const configured: object[] = [];
  const configuration = { iceTransportPolicy: 'relay', iceServers: [STUN] };
  const setConfiguration = (given: object) => {
    asked.push('configure');
    configured.push(given);
  };
  Object.assign(pc, { getConfiguration: () => configuration, setConfiguration }, extra);
  const rung = next(bob.client, 'incomingCall');
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc);
  const errors = all(peerCall, 'error');
  await peerCall.start();
  const [there] = await rung;
  await there.accept(ANSWER);
  await settle(alice, bob);
  const fail = (...states: string[]) => {
    for (const state of states) {
      pc.iceConnectionState = state;
      fire('iceconnectionstatechange');
    }
  };
  return { pc, asked, configured, errors, there, fail };
}

it('[CLIENT-28] a connection is given those that are new before ICE restarts, once, and keeps its policy', async () => {
  const { join, returns } = await turnStage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { asked, configured, fail, there, pc } = await paperCall(alice, bob, {});
  fail('failed', 'checking');
  expect(asked.filter((what) => ['configure', 'restart'].includes(what))).toEqual(['restart']);
  await returns(alice);
  asked.length = 0;
  fail('failed', 'checking', 'failed');
  expect(asked).toEqual(['configure', 'restart', 'restart']);
  expect(configured).toEqual([{ iceTransportPolicy: 'relay', iceServers: alice.client.iceServers }]);

  // the other end restarts ICE
  await returns(alice);
  asked.length = 0;
  pc.remoteDescription = { type: 'answer', sdp: ANSWER.sdp };
  const samePlace = { type: 'offer', sdp: ANSWER.sdp } as const;
  await there.sendDescription(samePlace);
  await settle(bob, alice);
  expect(asked).toEqual(['remote offer', 'local answer']);
  pc.remoteDescription = { type: 'answer', sdp: ANSWER.sdp };
  await there.sendDescription({ type: 'offer', sdp: OFFER.sdp.replace(' 2 IN', ' 3 IN') });
  await settle(bob, alice);
  expect(asked.slice(2)).toEqual(['configure', 'remote offer', 'local answer']);
});

it('[CLIENT-28] a connection without a configuration is left as it is, and one that refuses does without', async () => {
  const refusal = new Error('no');
  const refuse = () => {
    throw refusal;
  };
  for (const [extra, told] of [
    [{ getConfiguration: undefined }, []],
    [{ setConfiguration: undefined }, []],
    [{ setConfiguration: refuse }, [[refusal]]],
  ] as const) {
    const { join, returns } = await turnStage();
    const [alice, bob] = [await join('alice'), await join('bob')];
    const { asked, errors, fail } = await paperCall(alice, bob, extra);
    await returns(alice);
    asked.length = 0;
    fail('failed');
    expect([asked, errors]).toEqual([['restart'], told]);
  }
});

it('[CLIENT-28] a call has the client’s, at either end', async () => {
  const { join } = await turnStage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await talk(alice, bob);
  expect([placed.iceServers, rung.iceServers]).toEqual([alice.client.iceServers, bob.client.iceServers]);
  expect(usernameOf(placed)).not.toBe(usernameOf(rung));
  expect(VIDEO.callType).toBe(placed.callType);
});
