import { expect, it } from 'vitest';
import { Encoder, JsonText, readPacket } from '../../../../src/load/worker/packets.js';

const encoder = new Encoder();

it('writes packets as Socket.IO does, and a payload that is JSON as it is', () => {
  expect(encoder.encode({ type: 0, nsp: '/', data: { token: 't' } })).toEqual(['0{"token":"t"}']);
  expect(encoder.encode({ type: 1, nsp: '/' })).toEqual(['1']);
  expect(encoder.encode({ type: 2, nsp: '/', id: 12, data: ['ping', null] })).toEqual(['212["ping",null]']);
  expect(encoder.encode({ type: 2, nsp: '/', data: ['a', new JsonText('{"b":1}')] })).toEqual(['2["a",{"b":1}]']);
});

it('reads them, and leaves what it says about who is online as text', () => {
  expect(readPacket('0{"sid":"x"}')).toEqual({ type: 0, nsp: '/', data: { sid: 'x' } });
  expect(readPacket('1')).toEqual({ type: 1, nsp: '/' });
  expect(readPacket('30[{"ok":true}]')).toEqual({ type: 3, nsp: '/', id: 0, data: [{ ok: true }] });
  expect(readPacket('37[{"ok":false}]')).toEqual({ type: 3, nsp: '/', id: 7, data: [{ ok: false }] });
  expect(readPacket('2["pong"]')).toEqual({ type: 2, nsp: '/', data: ['pong'] });
  expect(readPacket('2["users_updated",[{"id":"a"}]]').data).toEqual(['users_updated', new JsonText('[{"id":"a"}]')]);
  expect(() => readPacket('2["half')).toThrow(SyntaxError);
});
