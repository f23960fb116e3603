import { describe, test } from 'vitest';
import { expectServing } from './hostile-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { type RawConnection, rawConnection } from './raw-connection.ts';
import { stage } from './stage.ts';

expectNoProcessFaults();

const FRAMES: [string, string[]][] = [
  ['nothing', ['']],
  ['an unknown engine packet', ['9', '7x', 'x', '\u0000', '\uffff']],
  ['engine packets of the server', ['0', '0{"sid":"x"}', '2', '3', '3x', '6']],
  ['an upgrade that nobody asked for', ['5', '2probe', '3probe']],
  ['an empty message', ['4']],
  ['an unknown Socket.IO packet', ['47', '49', '4x', '4-1']],
  ['a second connect', ['40', '40{}', '40{"token":1}', '40[', '40null']],
  ['another namespace', ['40/admin,', '40/admin,{}', '42/admin,["join"]', '41/admin,', '4/,']],
  ['a disconnect', ['41']],
  ['a connect error', ['44', '44{"message":"x"}', '44"x"']],
  ['events that are no array', ['42', '42{}', '42"x"', '42null', '427', '42true']],
  ['events without a name', ['42[]', '42[null]', '42[7]', '42[{}]', '42[[]]', '42[true]', '42[["join"]]']],
  [
    'broken JSON',
    ['42[', '42["join"', '42["join",]', '42["join",{]', "42['join']", '42["join",undefined]', '42["\\u"]'],
  ],
  ['acks that nobody asked for', ['43', '430', '430[]', '43999999[{}]', '43[]', '430{}', '43-1[]']],
  [
    'odd ack ids',
    ['4299999999999999999999999["ping"]', '4200["ping"]', '42-1["ping"]', '421.5["ping"]', '42 1["ping"]'],
  ],
  [
    'binary events',
    ['451-["x",{"_placeholder":true,"num":0}]', '451-["ping"]', '450-["ping"]', '45999999999-["x"]', '45-'],
  ],
  ['binary acks', ['461-0[{"_placeholder":true,"num":0}]', '46']],
  ['base64 packets', ['bAAAA', 'b', 'b4AAAA', '4b']],
  ['JSON 100,000 deep', [`42["ping",${'['.repeat(100_000)}${']'.repeat(100_000)}]`, `42["join",${'['.repeat(60_000)}`]],
  ['a huge array', [`42["call_user",[${'0,'.repeat(30_000)}0]]`]],
  ['many keys', [`42["join",{${Array.from({ length: 4_000 }, (_, n) => `"k${n}":1`).join()}}]`]],
  ['lone surrogates', ['42["join",{"id":"\\ud800","username":"\\udfff"}]', '42["\\ud800"]']],
];

describe.each(TRANSPORTS)('frames over %s', (transport) => {
  test.each(FRAMES)('[ERR-4] survives %s', async (_, frames) => {
    const running = await stage(transport);
    for (const frame of frames) {
      const raw = await rawConnection(running.url, transport);
      raw.send('42["join",{"id":"mallory","username":"mallory"}]');
      await raw.next('42["join_success"');
      raw.send(frame);
      await goneOrAnswering(raw);
      raw.close();
      const early = await rawConnection(running.url, transport, { handshake: false });
      early.send(frame);
      early.close();
    }
    await expectServing(running);
  });
});

/** The server has dealt with everything: it answers, or it has hung up. */
async function goneOrAnswering(raw: RawConnection) {
  await Promise.race([raw.settle().catch((error) => raw.isOpen() && Promise.reject(error)), raw.closed]);
}
