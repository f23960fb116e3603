import type { Dashboard } from './state.js';

/** What the person wants done; the connection does it. */
export type Wish =
  | { type: 'call'; userId: string }
  | { type: 'accept' | 'reject' | 'hang_up'; callId: string }
  | { type: 'quit' };

/** What a key comes to. */
export interface Pressed {
  state: Dashboard;
  wish?: Wish;
}
