import type { SignalingCall } from 'signal-core/client';
import { ANSWER, OFFER } from '../e2e/session-descriptions.ts';
import { next } from './heard.ts';
import type { Guest } from './stage.ts';

export const VIDEO = { offer: OFFER, callType: 'video' } as const;

/** The two ends of one call. */
export interface Ends {
  placed: SignalingCall;
  rung: SignalingCall;
}

/** A call that rings. */
export async function ring(alice: Guest, bob: Guest): Promise<Ends> {
  const incoming = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, VIDEO);
  const [rung] = await incoming;
  return { placed, rung };
}

/** A call that was answered. */
export async function talk(alice: Guest, bob: Guest): Promise<Ends> {
  const ends = await ring(alice, bob);
  const accepted = next(ends.placed, 'accepted');
  await ends.rung.accept(ANSWER);
  await accepted;
  return ends;
}

/** Both ends can reach each other: the proof that the call lives. */
export async function stillTalking({ placed, rung }: Ends): Promise<void> {
  for (const [from, to] of [
    [placed, rung],
    [rung, placed],
  ] as const) {
    const proof = { proof: Math.random() };
    const heard = new Promise<void>((resolve) => {
      const forget = to.on('info', (data) => {
        if (JSON.stringify(data) !== JSON.stringify(proof)) return;
        forget();
        resolve();
      });
    });
    await from.sendInfo(proof);
    await heard;
  }
}
