import { type HeardEvent, ScriptedClient, TcpProxy } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';

const NOTICED_WITHIN_MS = 15_000;
/** For two timers and a busy machine. */
const MARGIN_MS = 1_000;

describe.each(process.env.TEST_SCALE === 'full' ? TRANSPORTS : (['websocket'] as const))(
  'a network that forwards nothing any more, over %s',
  (transport) => {
    test('[LOSS-9] both ends notice within 15 s', async () => {
      const { url, join, login } = await stage(transport);
      const proxy = await TcpProxy.before(url);
      onTestFinished(() => proxy.close());
      const bob = await join('bob');
      const alice = await new ScriptedClient({ url: proxy.url, transport, name: 'alice' }).connect();
      onTestFinished(() => alice.close());
      await alice.join(await login('alice'));
      const callId = await talk(alice, bob);

      proxy.freeze();
      const hasSeen = (client: ScriptedClient, event: HeardEvent, count: number) =>
        expect.poll(() => client.order(event).length, { timeout: NOTICED_WITHIN_MS + MARGIN_MS }).toBe(count);
      await Promise.all([
        hasSeen(alice, 'disconnect', 1),
        hasSeen(bob, 'call_status', bob.order('call_status').length + 1),
      ]);
      expect(await bob.next('call_status')).toMatchObject({ callId, status: 'peer_reconnecting' });
      await bob.quiet('call_ended');
    });
  },
);
