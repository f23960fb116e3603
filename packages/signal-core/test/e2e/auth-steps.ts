import type { JWTPayload } from 'jose';
import {
  FakeClock,
  type ScriptedClientOptions,
  startTestServer,
  type TestServerOptions,
  type Transport,
} from 'signal-core/testing';
import { onTestFinished } from 'vitest';
import { Lines } from '../auth/authenticators.ts';
import { AUDIENCE, claimsOf, ISSUER, SECRET, signed } from '../auth/issuer.ts';
import { LegacyClient } from './legacy-client.ts';

type ClientOptions = Pick<ScriptedClientOptions, 'auth' | 'headers'> & { query?: string };

/** A server that believes the issuer of these tests, its clients, and its time. */
export async function guarded(transport: Transport, options: TestServerOptions = {}) {
  const clock = new FakeClock();
  const logger = new Lines();
  const auth = { jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } };
  const server = await startTestServer({ auth, clock, logger, ...options });
  onTestFinished(() => server.close());

  const token = (id: string, claims: JWTPayload = {}) => signed(claimsOf(id, clock.now(), { name: id, ...claims }));
  const client = (name: string, { query = '', ...given }: ClientOptions = {}) => {
    const made = new LegacyClient({ url: `${server.url}${query}`, transport, name, ...given });
    onTestFinished(() => made.close());
    return made;
  };
  /** What the client is told when it may not connect. */
  const refused = async (given: ClientOptions): Promise<unknown> => {
    const error: unknown = await client('refused', given)
      .connect()
      .catch((reason: unknown) => reason);
    return Object(error).data;
  };
  /** One more device: connected by its own token, and joined. */
  const join = async (id: string, claims: JWTPayload = {}, extra: Record<string, unknown> = {}) => {
    const joining = await client(id, { auth: { token: await token(id, claims) } }).connect();
    await joining.join({ id, username: id, ...extra });
    return joining;
  };
  return { ...server, clock, logger, token, client, refused, join };
}

/** Time goes on, and the sockets with it: they live by that of the machine. */
export async function pass(clock: FakeClock, ms: number, ...clients: LegacyClient[]): Promise<void> {
  await clock.advance(ms);
  for (const client of clients) if (client.socket.connected) await client.settle();
}
