import { script } from '../script.js';
import { FORGET_ENDED } from './forget-ended.js';

/**
 * Claims what is due by making it due again later: only the commit that follows takes the deadline away.
 * A scope without any call loses its version of lines, too: a commit that finds none sees to it that the scope is listed.
 */
export const CLAIM_DUE = script(`
-- KEYS     calls, due, ended, line-version
-- ARGV     1 now, 2 when the claim lapses, 3 how many, 4 forget calls that ended until then
-- returns  ids, the earliest first; -1 when there is no call
local calls, due, ended, lineVersion = unpack(KEYS)
local now, lapses, limit, forgetUntil = unpack(ARGV)
local ids = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, limit)
for _, id in ipairs(ids) do redis.call('ZADD', due, lapses, id) end
${FORGET_ENDED}
if redis.call('EXISTS', calls) == 0 then
  redis.call('DEL', lineVersion)
  return -1
end
return ids
`);
