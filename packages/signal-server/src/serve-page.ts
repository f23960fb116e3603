import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import type { Logger } from 'signal-core';

/** Where `npm run build` puts the page: beside this file when it is compiled, and found from its source too. */
const FOLDER = fileURLToPath(new URL('../dist/page/', import.meta.url));

/** What only the page needs: devices, for itself alone. */
const PERMISSIONS = 'camera=(self), microphone=(self), display-capture=(self), autoplay=(self)';

/**
 * The call page at `/`, and its assets, whose names change with their content.
 *
 * @param socketPath - of the Socket.IO endpoint
 * @returns `undefined` when the page was not built
 * @see SPEC.md, rules PAGE-1 and PAGE-2
 */
export function servePage(socketPath: string, logger: Pick<Logger, 'warn'>): Router | undefined {
  if (!existsSync(`${FOLDER}index.html`)) {
    logger.warn({}, 'the call page is not built, and not served: npm run build');
    return undefined;
  }
  const html = readFileSync(`${FOLDER}index.html`, 'utf8').replace('content="/socket.io"', `content="${socketPath}"`);
  const index: RequestHandler = (_request, response) => {
    response.set({ 'cache-control': 'no-cache', 'permissions-policy': PERMISSIONS }).type('html').send(html);
  };
  const assets = express.static(`${FOLDER}assets`, { immutable: true, maxAge: '1y', index: false, redirect: false });
  return Router().get('/', index).use('/assets', assets);
}
