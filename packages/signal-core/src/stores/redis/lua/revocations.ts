import { script } from '../script.js';

/** Remembers what was taken back: a time only where it is later than the one that is known. */
export const ADD_REVOCATIONS = script(`
-- KEYS     revoked, revoked-order
-- ARGV     1 how many are remembered, then of each its name, and until when it was issued, or '' for what has no time
-- returns  how many were forgotten
local revoked, order = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local last = redis.call('ZRANGE', order, -1, -1, 'WITHSCORES')[2]
local number = math.max(time[1] * 1000000 + time[2], tonumber(last or '0') + 1)
for n = 2, #ARGV, 2 do
  local name, before = ARGV[n], ARGV[n + 1]
  local known = redis.call('HGET', revoked, name)
  if not known or (before ~= '' and tonumber(before) > tonumber(known)) then
    redis.call('HSET', revoked, name, before)
    redis.call('ZADD', order, string.format('%.0f', number), name)
    number = number + 1
  end
end
local over = redis.call('ZCARD', order) - tonumber(ARGV[1])
if over <= 0 then return 0 end
local oldest = redis.call('ZPOPMIN', order, over)
for n = 1, #oldest, 2 do redis.call('HDEL', revoked, oldest[n]) end
return over
`);

/** What was taken back since. */
export const REVOKED_SINCE = script(`
-- KEYS     revoked, revoked-order
-- ARGV     1 after which number, 2 how many at most
-- returns  of each its number, its name, and until when it was issued
local page = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local answer = {}
for n = 1, #page, 2 do
  answer[#answer + 1] = page[n + 1]
  answer[#answer + 1] = page[n]
  answer[#answer + 1] = redis.call('HGET', KEYS[1], page[n]) or ''
end
return answer
`);
