import type { Transport } from 'signal-core/testing';
import { nodesMode } from './nodes-mode.ts';

export type { Transport } from 'signal-core/testing';
/** A deployed legacy client: what makes it one is what it says, a `join` without `deviceId` and `protocol` above all. */
export { ScriptedClient as LegacyClient } from 'signal-core/testing';

const behindNginx = nodesMode();
export const TRANSPORTS: readonly Transport[] = behindNginx === undefined ? ['polling', 'websocket'] : [behindNginx];
