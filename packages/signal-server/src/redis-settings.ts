import { redisUrl } from './network-types.js';
import type { SettingsOf } from './setting.js';
import { duration, textLike } from './value-type.js';

/** What several servers share. */
export const REDIS_SETTINGS: SettingsOf<'redisUrl' | 'redisPrefix' | 'drainMs'> = {
  redisUrl: {
    flag: '--redis-url',
    env: 'REDIS_URL',
    type: redisUrl,
    placeholder: 'url',
    help: 'the Redis that several servers share; with a password better in the variable, which nobody else sees',
  },
  redisPrefix: {
    flag: '--redis-prefix',
    env: 'SIGNAL_REDIS_PREFIX',
    type: textLike(/^[^{}\s]+$/, 'text without spaces and braces such as signal'),
    placeholder: 'text',
    help: 'what the names of all keys in Redis begin with',
  },
  drainMs: {
    flag: '--drain',
    env: 'SIGNAL_DRAIN',
    type: duration,
    placeholder: 'duration',
    help: 'with Redis: how long balancers get to notice that this server stops, before it closes connections',
  },
};
