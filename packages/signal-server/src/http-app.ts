import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'signal-core';
import type { ErrorCode } from 'signal-core/protocol';

/**
 * Nothing from elsewhere, nothing inline, in nobody's frame: what the call page needs, and no answer in JSON minds.
 *
 * @see SPEC.md, rule PAGE-3
 */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    // of the WebSocket, too
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
};

/** The REST routes of signal-core, and the page, in an application of their own: safe headers, and JSON for every other answer. */
export function createHttpApp(
  router: Router,
  { logger, isSecure, page }: { logger: Pick<Logger, 'error'>; isSecure: boolean; page?: Router | undefined },
): Express {
  const app = express();
  // over plain HTTP the promise to be HTTPS is not ours: that of a proxy is, and it makes it itself
  app.use(
    helmet({
      strictTransportSecurity: isSecure,
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use(router);
  if (page) app.use(page);
  app.use(notFound);
  app.use(answerError(logger));
  return app;
}

const notFound: RequestHandler = (request, response) => {
  response.status(404).json(body(`No such route: ${request.method} ${request.path}`, 'invalid_payload'));
};

/** The fourth parameter is how Express knows an error handler. */
function answerError(logger: Pick<Logger, 'error'>): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error }, 'request failed');
    if (response.headersSent) next(error);
    else if (status >= 500) response.status(status).json(body('Internal error', 'internal'));
    else response.status(status).json(body('Bad request', 'invalid_payload'));
  };
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

function body(error: string, code: ErrorCode): { error: string; code: ErrorCode } {
  return { error, code };
}
