import type { ServerEvent } from 'signal-core/protocol';
import type { LegacyClient } from './legacy-client.ts';
import type { Stage } from './stage.ts';

interface StreamEvent {
  callId: string;
  seq?: number;
  streamId?: string;
}

/** Joins a device that resumes; its id is its name. */
export function joinResuming({ join }: Pick<Stage, 'join'>, username: string, deviceId = `${username}-phone`) {
  return join(username, { deviceId, protocol: 2, features: ['resume'] });
}

/** Every event of a call that came, in order, whatever its name. */
export function streamOf(client: LegacyClient, callId: string): (StreamEvent & { event: string })[] {
  return client.log.flatMap(({ event, payload }) =>
    Object(payload).callId === callId && event !== 'signal_error' ? [{ event, ...(payload as StreamEvent) }] : [],
  );
}

/** Up to where a client has got the events of a call. */
export function resumePoint(client: LegacyClient, callId: string) {
  const events = streamOf(client, callId);
  const streamId = events.findLast((event) => event.streamId !== undefined)?.streamId;
  return { callId, ...(streamId !== undefined && { streamId }), lastSeq: events.at(-1)?.seq ?? 0 };
}

/** Comes back with what it knows of its calls; only what comes from now on is in the log. */
export async function resume(client: LegacyClient, ...points: object[]) {
  if (client.user === undefined) throw new Error(`${client.name} has not joined`);
  client.user = { ...client.user, resume: points };
  client.forget();
  return client.comeBack();
}

/** The names and numbers of what came of a call. */
export const numbered = (client: LegacyClient, callId: string): [ServerEvent | string, number | undefined][] =>
  streamOf(client, callId).map(({ event, seq }) => [event, seq]);
