import { onTestFinished } from 'vitest';

/** What a page hears of its network and itself, where there is no browser. The test takes it away again. */
export function browserGlobals(): { dispatch(type: string, members?: object): void; listeners(): number } {
  const target = new EventTarget();
  let listeners = 0;
  const globals = globalThis as Record<string, unknown>;
  globals.addEventListener = (type: string, listener: EventListener) => {
    listeners += 1;
    target.addEventListener(type, listener);
  };
  globals.removeEventListener = (type: string, listener: EventListener) => {
    listeners -= 1;
    target.removeEventListener(type, listener);
  };
  onTestFinished(() => {
    delete globals.addEventListener;
    delete globals.removeEventListener;
  });
  const dispatch = (type: string, members: object = {}) =>
    target.dispatchEvent(Object.assign(new Event(type), members));
  return { dispatch, listeners: () => listeners };
}

type EventListener = Parameters<EventTarget['addEventListener']>[1];
