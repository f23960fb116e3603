import type { Transport } from 'signal-core/testing';

export type { Transport } from 'signal-core/testing';
/** A deployed legacy client: what makes it one is what it says, a `join` without `deviceId` and `protocol` above all. */
export { ScriptedClient as LegacyClient } from 'signal-core/testing';
export const TRANSPORTS = ['polling', 'websocket'] as const satisfies Transport[];
