import { clientEventSchemas, LIMITS } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { callTo, talk } from './call-steps.ts';
import { answersTo, expectServing, joinedRaw } from './hostile-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { ANSWER, candidate, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';

expectNoProcessFaults();

const EVENTS = Object.keys(clientEventSchemas);

describe.each(TRANSPORTS)('sizes, shapes and order over %s', (transport) => {
  test('[ERR-3] [ERR-8] descriptions and candidates out of bounds are refused', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const sdps = ['', 'x', 'V=0', ' v=0', 'v=0\u0000', 'v=0\u001b[2J', `v=0${'x'.repeat(LIMITS.sdpLength)}`];
    for (const sdp of sdps) {
      const payload = callTo(alice, bob, { offer: { type: 'offer', sdp } });
      expect([sdp.slice(0, 9), await alice.refusal('call_user', payload)]).toEqual([
        sdp.slice(0, 9),
        'invalid_payload',
      ]);
    }
    const wrongType = callTo(alice, bob, { offer: ANSWER });
    expect(await alice.refusal('call_user', wrongType)).toBe('invalid_payload');
    expect(await bob.refusal('accept_call', { callId, answer: OFFER })).toBe('invalid_payload');
    const lines = ['x', ' candidate:1', 'candidate:1\r\na=evil', `candidate:${'x'.repeat(LIMITS.candidateLength)}`];
    for (const line of lines) {
      const payload = { to: bob.id, candidate: { candidate: line } };
      expect(await alice.refusal('ice_candidate', payload)).toBe('invalid_payload');
    }
    await bob.quiet('ice_candidate', 'incoming_call');
    const longest = { type: 'offer', sdp: 'v=0\r\n'.padEnd(LIMITS.sdpLength, 'a\tb') };
    expect(await alice.refusal('call_user', callTo(alice, bob, { offer: longest }))).toBe('busy');
  });

  test('[ERR-5] a message over 64 KiB is refused, one below is not; the connection stays', async () => {
    const running = await stage(transport);
    const { raw } = await joinedRaw(running, transport, 'mallory');
    const padded = (ack: string, bytes: number, filler: string) => {
      const frame = `42${ack}["ping",{"x":""}]`;
      const times = Math.ceil((bytes - frame.length) / Buffer.byteLength(filler));
      return frame.replace('""', `"${filler.repeat(times)}"`);
    };
    raw.send(padded('1', LIMITS.messageBytes + 16, 'x'));
    raw.send(padded('2', LIMITS.messageBytes + 16, '€'));
    raw.send(padded('3', LIMITS.messageBytes - 16, 'x'));
    raw.send(padded('', LIMITS.messageBytes + 16, 'x'));
    await raw.settle();
    const tooLarge = [{ ok: false, error: expect.objectContaining({ code: 'payload_too_large' }) }];
    expect(JSON.parse((await raw.next('431')).slice(3))).toEqual(tooLarge);
    expect(JSON.parse((await raw.next('432')).slice(3))).toEqual(tooLarge);
    expect(JSON.parse((await raw.next('433')).slice(3))).toMatchObject([{ ok: true }]);
    const [, error] = JSON.parse((await raw.next('42["signal_error"')).slice(2));
    expect(error).toMatchObject({ event: 'ping', code: 'payload_too_large' });
  });

  test.each(EVENTS)('[ERR-5] %s of 64 KiB + 1 is refused', async (event) => {
    const running = await stage(transport);
    const { raw } = await joinedRaw(running, transport, 'mallory');
    // The message is what follows the engine's `4`.
    const head = `420["${event}",{"id":"`;
    raw.send(`${head}${'x'.repeat(1 + LIMITS.messageBytes + 1 - head.length - 3)}"}]`);
    const [reply] = JSON.parse((await raw.next('430')).slice(3));
    expect(reply).toMatchObject({ ok: false, error: { code: 'payload_too_large' } });
    await raw.settle();
    expect(answersTo(raw, 0)).toHaveLength(1);
  });

  test('[ERR-5] an unknown event over 64 KiB, whatever its name, is refused as well', async () => {
    const running = await stage(transport);
    const { raw } = await joinedRaw(running, transport, 'mallory');
    for (const [index, name] of ['unknown', 'with-hyphens', 'mit Umlaut äöü', '', 'x'.repeat(100)].entries()) {
      raw.send(`42${index}${JSON.stringify([name, 'x'.repeat(LIMITS.messageBytes)])}`);
      const [reply] = JSON.parse((await raw.next(`43${index}`)).slice(`43${index}`.length));
      expect([name, reply.ok]).toEqual([name, false]);
      expect(['payload_too_large', 'invalid_payload']).toContain(reply.error.code);
    }
  });

  test('[ERR-5] an engine packet over 256 KiB closes the connection', async () => {
    const running = await stage(transport);
    const mallory = await running.join('mallory');
    mallory.send('ping', 'x'.repeat(LIMITS.packetBytes + 1));
    await mallory.next('disconnect');
    await expectServing(running);
  });

  test('[ERR-6] binary packets close the connection', async () => {
    const running = await stage(transport);
    const mallory = await running.join('mallory');
    mallory.send('ping', Buffer.from('binary'));
    await mallory.next('disconnect');
    const acked = await running.join('mallory');
    acked.send('call_user', { offer: Buffer.alloc(10) }, () => {});
    await acked.next('disconnect');
    await expectServing(running);
  });

  test('[ERR-6] the announcement of a binary packet closes the connection already', async () => {
    const running = await stage(transport);
    for (const frame of [
      '451-["ping",{"_placeholder":true,"num":0}]',
      '461-0[{"_placeholder":true,"num":0}]',
      'bAAAA',
    ]) {
      const { raw } = await joinedRaw(running, transport, 'mallory');
      raw.send(frame);
      await raw.closed;
    }
    await expectServing(running);
  });

  test('[ERR-9] events are handled one after the other, also behind one that waits for the host', async () => {
    const slow = () => new Promise<boolean>((resolve) => setTimeout(resolve, 150, true));
    const { join } = await stage(transport, { authorizeCall: slow });
    const [alice, bob] = [await join('alice'), await join('bob')];
    const finished: string[] = [];
    const ask = async (event: string, payload: unknown) => {
      const reply = await alice.ask(event, payload);
      finished.push(event);
      return reply;
    };
    const callId = 'soon';
    const replies = await Promise.all([
      ask('call_user', callTo(alice, bob, { callId })),
      ask('ice_candidate', { to: bob.id, callId, candidate: candidate(1) }),
      ask('end_call', { callId }),
      ask('ping', null),
    ]);
    expect(replies.map((reply) => reply.ok)).toEqual([true, true, true, true]);
    expect(finished).toEqual(['call_user', 'ice_candidate', 'end_call', 'ping']);
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'cancelled' });
  });
});
