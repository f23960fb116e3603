import { z } from 'zod';
import { ERROR_CODES } from './errors.js';

export const errorCodeSchema = z.enum(ERROR_CODES);

const retryAfterMsSchema = z.int().min(0).describe('Milliseconds to wait before trying again.');

/** What a refusal carries over the wire. */
export const errorBodySchema = z
  .object({
    code: errorCodeSchema,
    message: z.string().describe('What went wrong and what to do next, in words that may change.'),
    callId: z.string().exactOptional().describe('The call that it is about.'),
    retryAfterMs: retryAfterMsSchema.exactOptional(),
  })
  .describe('A refusal.');
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The body of every error over HTTP. */
export const httpErrorSchema = z
  .object({
    error: z.string().describe('What went wrong and what to do next, in words that may change.'),
    code: errorCodeSchema,
    retryAfterMs: retryAfterMsSchema.exactOptional(),
  })
  .describe('The body of every error.');
export type HttpError = z.infer<typeof httpErrorSchema>;
