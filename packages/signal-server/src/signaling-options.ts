import { randomBytes } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { AuthOptions, LimitProfile, Logger, SignalingServerOptions } from 'signal-core';
import type { ServerConfig } from './server-config.js';
import { isLoopback } from './server-url.js';
import type { PasswordCheck } from './users/password-check.js';

/** What a checked configuration is to signal-core. */
export function signalingOptions(
  config: ServerConfig,
  { passwords, logger }: { passwords: PasswordCheck | undefined; logger: Logger },
): SignalingServerOptions {
  const limits = limitsOf(config);
  const { turnUrls, turnSecret, turnTtlMs, metricsToken } = config;
  return {
    auth: authOf(config, passwords),
    path: config.path,
    origins: config.corsOrigin,
    ringTimeoutMs: config.ringTimeoutMs,
    graceMs: config.graceMs,
    maxCallsPerUser: config.maxCallsPerUser,
    ...(limits !== undefined && { limits }),
    trustProxy: config.trustProxy,
    iceServers: config.iceServers.map((urls) => ({ urls })),
    ...(turnSecret !== undefined && { turn: { urls: turnUrls, secret: turnSecret, ttlSeconds: turnTtlMs / 1000 } }),
    icePolicy: config.icePolicy,
    metrics: config.metrics && metricsToken !== undefined ? { token: metricsToken } : config.metrics,
    logger,
  };
}

function authOf(config: ServerConfig, passwords: PasswordCheck | undefined): AuthOptions {
  const { jwksUrl, jwtSecret, jwtIssuer = '', jwtAudience = '' } = config;
  if (config.auth === 'token') {
    const keys = { ...(jwksUrl !== undefined && { jwksUrl }), ...(jwtSecret !== undefined && { secret: jwtSecret }) };
    return { jwt: { ...keys, issuer: jwtIssuer, audience: jwtAudience } };
  }
  if (passwords === undefined) return 'open';
  const secret = config.secret ?? randomBytes(32);
  const { check, isCurrent } = passwords;
  return { passwords: { check, isCurrent, secret, tokenTtlMs: config.tokenTtlMs } };
}

/** `open` is relaxed for development only: not where others reach it, directly or through a proxy. */
function limitsOf({ limits, auth, host, trustProxy }: ServerConfig): LimitProfile | undefined {
  if (limits !== undefined) return limits;
  const isProxied = Array.isArray(trustProxy) ? trustProxy.length > 0 : trustProxy !== 0;
  return auth === 'open' && (isProxied || !isThisMachine(host)) ? 'standard' : undefined;
}

/** A name may mean any address; only `localhost` is known. */
function isThisMachine(host: string | undefined): boolean {
  return host === undefined || host === 'localhost' || host === '::1' || (isIPv4(host) && isLoopback(host));
}
