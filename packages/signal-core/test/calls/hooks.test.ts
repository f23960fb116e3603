import { describe, expect, test } from 'vitest';
import { ask, type CallHook } from '../../src/hooks.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { alice, bob } from '../domain/cast.ts';
import { stage } from './stage.ts';

const REQUEST = { callId: 'c1', from: alice, to: bob, callType: 'audio' } as const;

function asking(hook: CallHook) {
  const clock = new FakeClock();
  const { logged, context } = stage();
  return { clock, logged, answer: ask(hook, REQUEST, { clock, log: context.log }) };
}

const FAILED = [{ level: 'error', message: 'a hook of the host failed' }];

describe('a hook of the host', () => {
  test.each([
    ['true', () => true, true],
    ['a promise of true', () => Promise.resolve(true), true],
    ['false', () => false, false],
    ['nothing', () => undefined as unknown as boolean, false],
    ['what only looks true', () => 1 as unknown as boolean, false],
  ])('[CALL-22] that answers %s is taken at its word', async (_, hook, expected) => {
    const { answer, logged, clock } = asking(hook);
    expect(await answer).toBe(expected);
    expect(logged).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
  ])('[CALL-22] that %s gives no answer, and the log says so', async (_, hook) => {
    const { answer, logged, clock } = asking(hook);
    expect(await answer).toBeUndefined();
    expect(logged).toEqual(FAILED);
    expect(clock.pending).toBe(0);
  });

  test('[CALL-22] has 2 s to answer', async () => {
    let say = (_: boolean) => {};
    const { answer, clock, logged } = asking(
      () =>
        new Promise((resolve) => {
          say = resolve;
        }),
    );
    await clock.advance(1_999);
    say(true);
    expect(await answer).toBe(true);
    expect(logged).toEqual([]);
  });

  test('[CALL-22] that answers too late is not heard, nor is it when it fails then', async () => {
    let fail = (_: Error) => {};
    const { answer, clock, logged } = asking(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    await clock.advance(2_000);
    fail(new Error('too late'));
    expect(await answer).toBeUndefined();
    await clock.advance(0);
    expect(logged).toEqual(FAILED);
  });
});
