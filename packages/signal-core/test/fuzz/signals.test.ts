import { LIMITS } from 'signal-core/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';
import { Dice } from './dice.ts';
import { overWebSocket } from './fuzz-connection.ts';
import { hostileSignal } from './hostile-signal.ts';
import { fuzzSeed, inputs } from './scale.ts';
import { startServerProcess } from './server-process.ts';
import { trial } from './trial.ts';

const CALLS = 12;
const CHUNK = 50;

test('[ERR-4] [ERR-7] [ERR-8] of mutated descriptions and candidates only well-formed ones reach the peer', async () => {
  const dice = new Dice(fuzzSeed('descriptions and candidates'));
  const server = await startServerProcess({ limits: 'off' });
  onTestFinished(() => server.stop());
  const wrong: string[] = [];
  let relayed = 0;
  let round = 0;
  await trial(server, {
    count: inputs(10_000),
    attack: async (count) => {
      round += 1;
      const each = Math.ceil(count / CALLS);
      await Promise.all(
        Array.from({ length: CALLS }, (_, n) =>
          mutantCall(`call-${round}-${n}`, [`a-${round}-${n}`, `b-${round}-${n}`], each),
        ),
      );
    },
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(relayed).toBeGreaterThan(inputs(10_000) / 20);

  async function mutantCall(callId: string, [a, b]: [string, string], count: number) {
    const onPacket = (packet: string) => {
      const fault = faultOf(packet, a);
      if (fault === undefined) return;
      if (fault === 'none') relayed += 1;
      else wrong.push(`${fault}: ${packet.slice(0, 300)}`);
    };
    const open = (id: string, ownPacket?: (packet: string) => void) =>
      overWebSocket(
        server.url,
        ['40', event('join', { id, username: id, deviceId: 'x', protocol: 2, presence: 'none' })],
        ownPacket,
      );
    const callee = await open(b, onPacket);
    await callee.send([], 1);
    let caller = await open(a);
    await caller.send([event('call_user', { to: b, callId, callType: 'video', offer: OFFER })], 1);
    await callee.send([event('accept_call', { callId, answer: ANSWER })], 1);
    for (let sent = 0; sent < count; sent += CHUNK) {
      const frames = Array.from({ length: CHUNK }, () => hostileSignal(callId, b, dice));
      // a frame that is no JSON closes the connection; the device is back at once, and in its call
      for (let read = 0; read < frames.length; read += 1) {
        if (!caller.isOpen) caller = await open(a);
        read += await caller.send(frames.slice(read), 1);
      }
    }
    if (!caller.isOpen) caller = await open(a);
    let proof = false;
    const before = relayed;
    await caller.send([event('call_info', { callId, data: 'proof' })], 1);
    await callee.send([event('ping', null)], 1);
    proof = relayed > before;
    expect([callId, proof]).toEqual([callId, true]);
    caller.close();
    callee.close();
  }
}, 240_000);

const event = (name: string, payload: unknown) => `42${JSON.stringify([name, payload])}`;

/** What is wrong with a relayed event; `none` if nothing, `undefined` for any other packet. */
function faultOf(packet: string, from: string): string | undefined {
  if (!packet.startsWith('42')) return undefined;
  const [name, payload] = JSON.parse(packet.slice(2));
  const check = RELAYED[name];
  if (check === undefined) return name === 'call_ended' || name === 'call_rejected' ? 'the call is over' : undefined;
  if (payload.from !== undefined && payload.from !== from) return 'another sender';
  // parsed JSON: its shape is what is checked
  return check(payload as never) ? 'none' : 'not well-formed';
}

const hasOnly = (value: object, keys: string[]) => Object.keys(value).every((key) => keys.includes(key));

const isDescription = (value: Record<string, unknown>) =>
  hasOnly(value, ['type', 'sdp']) &&
  ['offer', 'answer', 'pranswer', 'rollback'].includes(String(value.type)) &&
  (value.type === 'rollback' || isSdp(value.sdp));

// biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is checked
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
const isSdp = (sdp: unknown) =>
  typeof sdp === 'string' && sdp.startsWith('v=0') && sdp.length <= LIMITS.sdpLength && !CONTROL.test(sdp);

const isCandidate = (value: Record<string, unknown> | null) =>
  value === null ||
  (hasOnly(value, ['candidate', 'sdpMid', 'sdpMLineIndex', 'usernameFragment']) &&
    typeof value.candidate === 'string' &&
    /^(candidate:[^\r\n]{0,1014})?$/.test(value.candidate));

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const RELAYED: Record<string, (payload: never) => boolean> = {
  session_description: ({ description }: { description: Record<string, unknown> }) => isDescription(description),
  ice_candidate: ({ candidate }: { candidate: Record<string, unknown> | null }) => isCandidate(candidate),
  ice_candidates: ({ candidates }: { candidates: (Record<string, unknown> | null)[] }) =>
    candidates.length <= 64 && candidates.every(isCandidate),
  call_info: ({ data }: { data: unknown }) =>
    depthOf(data) <= 4 && JSON.stringify(data).length <= LIMITS.callInfoLength,
};
