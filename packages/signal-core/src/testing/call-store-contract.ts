import type { CallStore } from '../stores/call-store.js';
import { commits } from './call-store-commits.js';
import { deadlines } from './call-store-deadlines.js';
import { endings } from './call-store-endings.js';
import { lines } from './call-store-lines.js';
import type { Contract } from './contract-case.js';

/**
 * All that a {@link CallStore} must do.
 *
 * @example
 * for (const { name, run } of callStoreContract) test(name, () => run(() => new MyCallStore()));
 * @see SPEC.md, section STORE
 */
export const callStoreContract: Contract<CallStore> = [...commits, ...lines, ...deadlines, ...endings];
