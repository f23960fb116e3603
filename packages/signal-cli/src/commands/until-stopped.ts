import { once } from 'node:events';
import type { SignalingClient } from 'signal-core/client';
import { Failure } from '../failure.js';
import { connectionFailure } from '../session/connection-failure.js';
import type { Context } from './context.js';

/** Resolves at Ctrl-C or SIGTERM. */
export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Never returns: ends with a `Failure` once the connection is gone for good. */
export function untilLost({ settings }: Context, client: SignalingClient): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('closed', (reason, error) => {
      reject(error ? connectionFailure(settings, error) : new Failure('unreachable', `the connection was ${reason}`));
    });
  });
}

/** Never returns: ends with a `Failure` at Ctrl-C too. */
export async function untilStopped(context: Context, client: SignalingClient): Promise<never> {
  await Promise.race([untilInterrupted(context.signal), untilLost(context, client)]);
  throw new Failure('interrupted', 'interrupted');
}
