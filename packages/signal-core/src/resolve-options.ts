import type { AuthOptions } from './auth/auth-options.js';
import { type LimitProfile, resolveLimits } from './limits.js';
import { OPTION_CHECKS, shown } from './option-checks.js';
import { DEFAULT_OPTIONS, type ResolvedOptions, type SignalingServerOptions } from './options.js';

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError naming the option and the value
 */
export function resolveOptions(options: SignalingServerOptions): ResolvedOptions {
  const given = Object.entries(Object(options)).filter(([, value]) => value !== undefined);
  const resolved: Record<string, unknown> = { ...DEFAULT_OPTIONS, ...Object.fromEntries(given) };
  for (const name of Object.keys(resolved)) {
    if (!Object.hasOwn(OPTION_CHECKS, name)) throw new TypeError(`unknown option '${name}'`);
  }
  for (const [name, check] of Object.entries(OPTION_CHECKS)) {
    const expected = check(resolved[name]);
    if (expected !== undefined)
      throw new TypeError(`option '${name}' must be ${expected}, not ${shown(name, resolved[name])}`);
  }
  refusePagesOfAnybody(options);
  resolved.limits = resolveLimits(options.limits === undefined ? defaultLimits(options.auth) : options.limits);
  // every member was checked just now
  return resolved as unknown as ResolvedOptions;
}

/** A browser sends its cookies whatever page asks: then every page would speak for its visitors. */
function refusePagesOfAnybody({ auth, origins }: SignalingServerOptions): void {
  if (origins === '*' && auth !== 'open' && 'authenticate' in auth && auth.authenticate !== undefined) {
    throw new TypeError("option 'origins' must be a list of origins where 'auth' has authenticate, not '*'");
  }
}

/** What anybody may reach needs limits: `open` is for development, and says so. */
function defaultLimits(auth: AuthOptions): LimitProfile {
  return auth === 'open' && process.env.NODE_ENV !== 'production' ? 'relaxed' : 'standard';
}
