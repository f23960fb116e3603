import type { IncomingMessage } from 'node:http';
import express from 'express';
import { startTestServer, type TestServer, type TestServerOptions } from 'signal-core/testing';
import { authOptions } from './auth-mode.ts';

export type { TestServer } from 'signal-core/testing';
export { listenOnLoopback as listen } from 'signal-core/testing';

/** A host that lets whoever asks choose: good enough for tests. */
const scopeOf = ({ url = '' }: IncomingMessage) => new URL(url, 'http://host').searchParams.get('scope') ?? '';

/** An Express app with the router in it, and the signaling server attached: what most hosts look like. */
export function start(options: Omit<TestServerOptions, 'host'> = {}): Promise<TestServer> {
  return startTestServer({
    ...authOptions(),
    ...options,
    host: (signaling) => express().use(signaling.router({ scopeOf })),
  });
}
