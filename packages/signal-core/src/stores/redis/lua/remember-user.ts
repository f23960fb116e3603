import { script } from '../script.js';

/** Writes a user down; the longest unseen make room. */
export const REMEMBER_USER = script(`
-- KEYS     users, seen
-- ARGV     1 user, 2 last seen, 3 scope as JSON, or '' for the one that is known, 4 record, 5 how many users at most
-- returns  1
local users, seen = unpack(KEYS)
local user, at, scope, record, most = unpack(ARGV)
if scope == '' then
  local stored = redis.call('HGET', users, user)
  scope = stored and string.match(stored, '^[^\\n]*\\n([^\\n]*)\\n') or 'null'
end
redis.call('HSET', users, user, at .. '\\n' .. scope .. '\\n' .. record)
redis.call('ZADD', seen, at, user)
local surplus = redis.call('ZCARD', seen) - tonumber(most)
if surplus > 0 then
  local gone = redis.call('ZRANGE', seen, 0, math.min(surplus, 1000) - 1)
  redis.call('HDEL', users, unpack(gone))
  redis.call('ZREM', seen, unpack(gone))
end
return 1
`);
