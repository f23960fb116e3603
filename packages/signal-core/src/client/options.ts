import { v4 as uuidv4 } from 'uuid';
import type { UserRef } from '../protocol/server-events.js';
import type { ReportError } from './emitter.js';

/** One thing on the wire, as {@link SignalingClientOptions.onTraffic} sees it. */
export interface Traffic {
  /** An event that is being sent, one that has come, or the answer to one that was sent. */
  direction: 'sent' | 'received' | 'ack';
  /** For an `ack`: the event that it answers. */
  event: string;
  payload: unknown;
  /** For an `ack`: the payload that it answers. */
  request?: unknown;
}

/** Options of a {@link SignalingClient}. All times are milliseconds. */
export interface SignalingClientOptions {
  /** Where the server is, such as `https://signal.example`; of its path only `path` counts. */
  url: string;
  /** Who joins. */
  user: UserRef;
  /** Path of the Socket.IO endpoint. @default '/socket.io' */
  path?: string;
  /** Credentials for the handshake; a function is asked at every attempt, and before they lapse. */
  token?: string | (() => string | Promise<string>);
  /** Names this page or installation: with it a lost device returns as the same. @default a new UUID by client */
  deviceId?: string;
  /** How to hear of who is online. @default 'delta', which costs a hundred bytes by change, and not a list */
  presence?: 'delta' | 'none' | 'full';
  /** Of Socket.IO, in the order to try. @default ['websocket', 'polling']: a WebSocket costs the server a third */
  transports?: ('websocket' | 'polling')[];
  /** Longest wait for one attempt to connect and join. @default 8_000, so that two fit into the grace window */
  connectTimeoutMs?: number;
  /** Longest wait for an acknowledgement. @default 20_000, longer than it takes to notice a dead connection */
  ackTimeoutMs?: number;
  /** After a loss: longest wait until it is given up for good. @default Infinity */
  returnTimeoutMs?: number;
  /** From 0 to 1, spreads reconnects. @default Math.random */
  random?: () => number;
  /** Sees every event and acknowledgement, synchronously, in the order of the wire. */
  onTraffic?: (traffic: Traffic) => void;
  /** What an application's listener threw. @default console.error */
  onListenerError?: ReportError;
}

export type ResolvedOptions = Required<Omit<SignalingClientOptions, 'token' | 'deviceId'>> & {
  deviceId: string;
  token: SignalingClientOptions['token'];
};

/** @throws TypeError when `url` is none */
export function resolveOptions(options: SignalingClientOptions): ResolvedOptions {
  // throws what names the value
  new URL(options.url);
  return {
    url: options.url,
    user: { id: options.user.id, username: options.user.username },
    path: options.path ?? '/socket.io',
    token: options.token,
    deviceId: options.deviceId ?? uuidv4(),
    presence: options.presence ?? 'delta',
    transports: options.transports ?? ['websocket', 'polling'],
    connectTimeoutMs: options.connectTimeoutMs ?? 8_000,
    ackTimeoutMs: options.ackTimeoutMs ?? 20_000,
    returnTimeoutMs: options.returnTimeoutMs ?? Number.POSITIVE_INFINITY,
    random: options.random ?? Math.random,
    onTraffic: options.onTraffic ?? (() => {}),
    // biome-ignore lint/suspicious/noConsole: a fault of the application must not vanish, and there is nobody else to tell
    onListenerError: options.onListenerError ?? console.error,
  };
}
