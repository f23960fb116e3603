import type { Response } from 'express';
import type { ErrorCode } from '../protocol/errors.js';

/** Every error over HTTP has this body. */
export function httpError(res: Response, status: number, code: ErrorCode, error: string): void {
  res.status(status).json({ error, code });
}
