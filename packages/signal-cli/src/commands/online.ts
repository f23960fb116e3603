import { SignalingClient, type SignalingClientOptions, SignalingError } from 'signal-core/client';
import { connectionFailure } from '../session/connection-failure.js';
import { identify } from '../session/identify.js';
import type { Identity } from '../session/rest.js';
import { milestone, type Observe, wireEntry } from '../session/timeline.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { untilStopped } from './until-stopped.js';

interface Presence {
  presence: NonNullable<SignalingClientOptions['presence']>;
  /** Sees every event, sent and received. */
  observe?: Observe;
}

/** Does something as a joined user, and leaves again however it ends. */
export async function online<T>(
  context: Context,
  { presence, observe = () => {} }: Presence,
  use: (client: SignalingClient, identity: Identity) => Promise<T>,
): Promise<T> {
  const { settings } = context;
  const timeoutMs = settings.timeout ?? STEP_TIMEOUT_MS;
  const identity = await identify(settings);
  const client = new SignalingClient({
    url: settings.url.origin,
    path: settings.path,
    user: identity.user,
    token: identity.token,
    presence,
    connectTimeoutMs: timeoutMs,
    ackTimeoutMs: timeoutMs,
    returnTimeoutMs: timeoutMs,
    onTraffic: (traffic) => observe(wireEntry(traffic)),
    onListenerError: (error) => {
      // a fault of this program ends it
      throw error;
    },
  });
  client.on('state', (state) => {
    if (state === 'reconnecting') observe(milestone('connection_lost'));
  });
  const joined = client.connect().catch((error: unknown) => {
    throw error instanceof SignalingError ? connectionFailure(settings, error) : error;
  });
  try {
    await Promise.race([joined, untilStopped(context, client)]);
    return await use(client, identity);
  } finally {
    await client.close();
  }
}
