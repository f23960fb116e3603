import { describe, expect, test } from 'vitest';
import { endCall } from '../../src/domain/end-call.ts';
import { transition } from '../../src/domain/transition.ts';
import { active, bob, carol, laptop, NOW, PLACED_AT, phone, RULES, ringing } from './cast.ts';
import { effectLine } from './effect-line.ts';

describe('an ended call', () => {
  test('[CALL-21] remembers how, when and by whom it ended, and nothing of its offer and deadline', () => {
    expect(endCall(active(), { reason: 'hangup', at: NOW, by: phone }).call).toEqual({
      id: 'c1',
      version: 3,
      from: active().from,
      to: bob,
      callType: 'video',
      startedAt: PLACED_AT,
      status: 'ended',
      reason: 'hangup',
      endedAt: NOW,
      endedBy: phone,
      durationMs: 2_000,
      callerDevice: laptop,
      calleeDevice: phone,
    });
  });

  test('[CALL-6] has no duration and no device of the callee when nobody answered', () => {
    const { call } = endCall(ringing(), { reason: 'no_answer', at: NOW });
    expect(call).not.toHaveProperty('durationMs');
    expect(call).not.toHaveProperty('calleeDevice');
    expect(call).not.toHaveProperty('endedBy');
  });

  test.each(['declined', 'busy'] as const)('[CALL-5] tells the caller why it was rejected: %s', (reason) => {
    const decision = transition(ringing(), { type: 'reject', device: phone, reason, at: NOW }, RULES);
    expect(decision).toMatchObject({ ok: true, call: { status: 'ended', reason, endedBy: phone } });
    expect(decision.ok && decision.effects.map(effectLine)).toContain(`laptop: rejected, ${reason}`);
  });

  test.each(['removed', 'server_shutdown'] as const)('[HOST-10] tells every device that it was ended: %s', (reason) => {
    const decision = transition(active(), { type: 'remove', reason, at: NOW }, RULES);
    expect(decision).toMatchObject({ ok: true, call: { status: 'ended', reason } });
    expect(decision.ok && decision.effects.map(effectLine)).toEqual([
      `laptop: ended, ${reason} after 2000 ms`,
      `phone: ended, ${reason} after 2000 ms`,
      'c1 over',
    ]);
  });

  test('[CALL-6] tells the caller alone when nobody is rung', () => {
    const { effects } = endCall(ringing({ to: carol, rung: [] }), { reason: 'no_answer', at: NOW });
    expect(effects.map(effectLine)).toEqual(['laptop: ended, no_answer', 'c1 over']);
  });
});
