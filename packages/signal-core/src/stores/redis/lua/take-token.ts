import { script } from '../script.js';

/** Takes one token out of a bucket: `waitMs` and `spend` of `domain/token-bucket`, operation by operation. */
export const TAKE_TOKEN = script(`
-- KEYS     the bucket
-- ARGV     1 now, 2 milliseconds until one more token is in it, 3 how many it holds, 4 how long it stays when full
-- returns  milliseconds to wait; 0 when a token was taken
local now, everyMs, burst, margin = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local fullAt = tonumber(redis.call('GET', KEYS[1]) or '0')
local missing = math.max(fullAt - now, 0) + (math.min(1, burst) - burst) * everyMs
local wait = math.ceil(missing - 1e-6)
if wait > 0 then return wait end
fullAt = math.max(fullAt, now) + everyMs
redis.call('SET', KEYS[1], string.format('%.17g', fullAt), 'PX', string.format('%.0f', fullAt - now + margin))
return 0
`);
