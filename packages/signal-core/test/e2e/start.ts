import type { IncomingMessage } from 'node:http';
import express from 'express';
import { startTestServer, type TestServer, type TestServerOptions } from 'signal-core/testing';
import { authOptions } from './auth-mode.ts';
import { nodesMode } from './nodes-mode.ts';
import { type ClientParts, startBehindNginx } from './start-nodes.ts';

export type { TestServer } from 'signal-core/testing';
export { listenOnLoopback as listen } from 'signal-core/testing';

/** A host that lets whoever asks choose: good enough for tests. */
const scopeOf = ({ url = '' }: IncomingMessage) => new URL(url, 'http://host').searchParams.get('scope') ?? '';

/** A server, or what several nodes look like from outside. */
export interface StartedServer extends TestServer {
  /** What each client is made with. */
  client?(): ClientParts;
}

/** An Express app with the router in it, and the signaling server attached: what most hosts look like. */
export function start(options: Omit<TestServerOptions, 'host'> = {}): Promise<StartedServer> {
  const all: TestServerOptions = {
    ...authOptions(),
    ...options,
    host: (signaling) => express().use(signaling.router({ scopeOf })),
  };
  const mode = nodesMode();
  return mode === undefined ? startTestServer(all) : startBehindNginx(mode, all);
}
