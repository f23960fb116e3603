import type { View } from './view.js';

const ENTER_ALTERNATE = '\x1b[?1049h\x1b[H';
const LEAVE_ALTERNATE = '\x1b[?1049l';
const SHOW_CURSOR = '\x1b[?25h';

/** A screen that is being shown. */
export interface Shown {
  /** Resolves when it is gone; rejects when drawing failed. */
  readonly gone: Promise<unknown>;
  /** Takes it away, and leaves the terminal as it was. */
  close(): Promise<void>;
}

/**
 * Takes the terminal for a live screen, on its alternate buffer: what was there before is there again afterwards,
 * whatever happens.
 *
 * @see SPEC.md, rule DASH-4
 */
export async function show<State>(view: View<State>): Promise<Shown> {
  // before React loads: its development build is slow, and keeps marks of every drawing
  process.env.NODE_ENV ??= 'production';
  // what draws knows this one only
  if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
  const [{ render }, { createElement }, { Screen }] = await Promise.all([
    import('ink'),
    import('react'),
    import('./screen.js'),
  ]);
  const restore = () => {
    process.stdout.write(LEAVE_ALTERNATE + SHOW_CURSOR);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  };
  process.stdout.write(ENTER_ALTERNATE);
  process.once('exit', restore);
  const ink = render(createElement(Screen<State>, { view }), { exitOnCtrlC: false, patchConsole: false });
  let isRestored = false;
  const gone = ink.waitUntilExit().finally(() => {
    if (isRestored) return;
    isRestored = true;
    process.off('exit', restore);
    restore();
  });
  // told to whoever waits; nobody may yet
  gone.catch(() => {});
  return {
    gone,
    async close() {
      ink.unmount();
      await gone.catch(() => {});
    },
  };
}
