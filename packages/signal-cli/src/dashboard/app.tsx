import { useApp } from 'ink';
import { useSyncExternalStore } from 'react';
import { Screen } from '../screen/screen.js';
import type { Wish } from './press.js';
import type { Store } from './store.js';
import { frameLines } from './views/frame-lines.js';

interface AppProps {
  store: Store;
  onWish(wish: Exclude<Wish, { type: 'quit' }>): void;
}

/** The dashboard on the terminal, until its person leaves. */
export function App({ store, onWish }: AppProps) {
  const { exit } = useApp();
  const state = useSyncExternalStore(store.subscribe, store.get);
  return (
    <Screen
      draw={(room) => frameLines(state, room)}
      onKey={(key) => {
        const wish = store.press(key);
        if (wish?.type === 'quit') exit();
        else if (wish !== undefined) onWish(wish);
      }}
    />
  );
}
