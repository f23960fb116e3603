import { type Shown, show } from '../screen/show.js';
import type { Wish } from './press.js';
import type { Store } from './store.js';

/** Shows the dashboard until its person leaves. */
export function showDashboard(store: Store, onWish: (wish: Exclude<Wish, { type: 'quit' }>) => void): Promise<Shown> {
  return show(async () => {
    const [{ createElement }, { App }] = await Promise.all([import('react'), import('./app.js')]);
    return createElement(App, { store, onWish });
  });
}
