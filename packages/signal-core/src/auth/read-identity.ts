import { z } from 'zod';
import type { Logger } from '../log.js';
import { userIdSchema, usernameSchema } from '../protocol/ids.js';
import type { Identity } from './identity.js';

const timeSchema = z.number().min(0).optional();

const identitySchema = z.object({
  id: userIdSchema,
  username: usernameSchema,
  scope: z.string().optional(),
  expiresAt: timeSchema,
  issuedAt: timeSchema,
  jti: z.string().min(1).optional(),
});

/**
 * Reads what a function of the host says of somebody.
 *
 * @param source - the function, for the log
 * @returns `undefined` for nobody; what is no identity is nobody, and is logged by what is wrong with it
 * @see SPEC.md, rule AUTH-5
 */
export function readIdentity(value: unknown, source: string, log: Logger): Identity | undefined {
  if (value === null || value === undefined) return undefined;
  const { success, data, error } = identitySchema.safeParse(value);
  if (success) return withoutUndefined(data);
  // a promise where none belongs may reject as well
  Promise.resolve(value).catch(() => {});
  log.warn({ source, wrong: error.issues.map(({ path }) => path.join('.')) }, 'what the host told is no identity');
  return undefined;
}

/** What a host writes down as `undefined` is absent. */
function withoutUndefined({ id, username, ...rest }: z.infer<typeof identitySchema>): Identity {
  const { scope, expiresAt, issuedAt, jti } = rest;
  return {
    id,
    username,
    ...(scope !== undefined && { scope }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(jti !== undefined && { jti }),
  };
}
