import { expect, test } from 'vitest';
import { placeCall } from '../../src/calls/place-call.ts';
import { laptop, phone } from '../domain/cast.ts';
import { stage } from './stage.ts';

/** A hook that answers when the test says. */
function slowHook() {
  const answers: ((allowed: boolean) => void)[] = [];
  return {
    authorizeCall: () => new Promise<boolean>((resolve) => answers.push(resolve)),
    answer: (index: number, allowed: boolean) => answers[index]?.(allowed),
    asked: () => answers.length,
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([true, false])(
  '[CALL-18] a call that is repeated while the host is asked rings once, whatever the host says then (%s)',
  async (allowed) => {
    const { authorizeCall, answer, asked } = slowHook();
    const { context, online, call, heard, stores } = stage({ hooks: { authorizeCall } });
    await online(laptop, phone);
    const [first, second] = [placeCall(context, call()), placeCall(context, call())];
    while (asked() < 2) await turn();
    answer(0, true);
    expect(await first).toEqual({ ok: true });
    answer(1, allowed);
    expect(await second).toEqual({ ok: true });
    expect(heard()).toEqual(['c1 placed', 'phone: rings']);
    expect(await stores.calls.get('c1')).toMatchObject({ status: 'ringing' });
  },
);
