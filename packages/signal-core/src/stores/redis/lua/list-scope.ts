import { script } from '../script.js';

/** Lists a scope, with the time of now. */
export const LIST_SCOPE = script(`
-- KEYS     scopes
-- ARGV     1 scope
-- returns  1
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])
return 1
`);

/** Takes a scope that was listed long ago off the list: whoever listed it lately is about to write there. */
export const UNLIST_SCOPE = script(`
-- KEYS     scopes
-- ARGV     1 scope, 2 for how many seconds it stays
-- returns  1 when it is off the list, else 0
local listedAt = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0')
if listedAt > tonumber(redis.call('TIME')[1]) - tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
return 1
`);
