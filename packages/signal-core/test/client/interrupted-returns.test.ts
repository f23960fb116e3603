import { setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import { expect, it } from 'vitest';
import { ANSWER, candidate } from '../e2e/session-descriptions.ts';
import { ring, VIDEO } from './call-steps.ts';
import { next } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

type Answer = (ack: object) => void;

/** What a server does at the first, second, third `join`. */
const inTurn = (...joins: ((socket: Socket, answer: Answer) => void)[]) =>
  scriptedServer({ onJoin: (socket, answer) => joins.shift()?.(socket, answer) });

/** A server at which a call to Bob rings, and is lost from there. */
function takesCall(socket: Socket, answer: Answer) {
  socket.on('call_user', ({ callId }, reply: Answer) => reply({ ok: true, callId, status: 'ringing' }));
  answer(JOINED);
}

it('[CLIENT-6] what a callee found before it accepts leaves ahead of its answer', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { rung } = await ring(alice, bob);
  bob.wire.length = 0;
  rung.sendCandidate(candidate(1));
  await rung.accept(ANSWER);
  const sent = bob.wire.filter(({ direction }) => direction === 'sent').map(({ event }) => event);
  expect(sent).toEqual(['ice_candidates', 'accept_call']);
});

it('[CLIENT-9] a call that its callee claimed in the moment between is active, not ringing', async () => {
  const url = await inTurn(takesCall, (socket, answer) => {
    socket.on('call_restore', (_payload, reply: Answer) => reply({ ok: true, status: 'waiting' }));
    socket.on('call_user', ({ callId }, reply: Answer) => {
      socket.emit('call_status', { status: 'peer_reconnected', callId });
      reply({ ok: true, callId, status: 'ringing' });
    });
    answer(JOINED);
  });
  const { client, proxy } = await guestsOf(url).join('alice');
  const call = await client.call('bob', VIDEO);
  const gap = next(call, 'unrecovered');
  proxy.cut();
  await gap;
  expect(call.state).toBe('active');
});

it('[CLIENT-8] a call that waited, and was there after another loss, waits no more', async () => {
  let isBack = () => {};
  const url = await inTurn(
    (socket, answer) => {
      socket.on('call_user', ({ callId }, reply: Answer) => {
        reply({ ok: true, callId, status: 'ringing' });
        socket.emit('call_accepted', { callId, answer: ANSWER });
      });
      answer(JOINED);
    },
    (socket, answer) => {
      socket.on('call_restore', (_payload, reply: Answer) => reply({ ok: true, status: 'waiting' }));
      answer({ ...JOINED, graceMs: 100 });
    },
    (_socket, answer) => {
      const peer = { id: 'bob', username: 'bob' };
      const known = { callId: call.id, role: 'caller', status: 'active', peer, callType: 'video', here: true };
      answer({ ...JOINED, calls: [known], resumed: [{ callId: call.id, recovered: true }] });
      isBack();
    },
  );
  const { client, proxy } = await guestsOf(url).join('alice');
  const call = await client.call('bob', VIDEO);
  if (call.state !== 'active') await next(call, 'accepted');
  const waits = next(call, 'peerReconnecting');
  proxy.cut();
  await waits;
  const back = new Promise<void>((resolve) => {
    isBack = resolve;
  });
  proxy.cut();
  await back;
  // longer than it would have waited: an absence has no event to wait for
  await pause(1_500);
  expect(call.state).toBe('active');
});

it('[CLIENT-11] a question about presence that a loss left unanswered holds up no later change', async () => {
  const url = await inTurn(
    (socket, answer) => {
      socket.on('presence_sync', () => socket.conn.close());
      answer({ presenceEpoch: 'e', presenceVersion: 5, ...JOINED });
      socket.emit('presence_changed', { epoch: 'e', version: 8, joined: [], left: [] });
    },
    (socket, answer) => {
      answer({ presenceEpoch: 'e', presenceVersion: 20, ...JOINED });
      const joined = [{ id: 'd', username: 'dave' }];
      socket.emit('presence_changed', { epoch: 'e', version: 21, joined, left: [] });
    },
  );
  const { client } = await guestsOf(url).guest('alice');
  const change = next(client.presence, 'change');
  await client.connect();
  expect(await change).toEqual([{ joined: [{ id: 'd', username: 'dave' }], left: [] }]);
});
