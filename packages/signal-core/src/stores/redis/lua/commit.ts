import { script } from '../script.js';
import { FORGET_ENDED } from './forget-ended.js';

/**
 * Writes calls with their lines and deadlines, if every version is the expected one.
 *
 * Redis does not take back what a script wrote before it failed. So all comparing comes before the first write, and that
 * one takes memory: Redis refuses it when it is full, or may not write, and allows the rest when it allowed this one.
 */
export const COMMIT = script(`
-- KEYS     calls, due, ended, lines, line-version
-- ARGV     1 how many calls, 2 forget calls that ended until then, 3 whether the scope was listed just now: 1 or 0
--          of each call: id, expected version, new version, status, deadline or end, its two users, record
--          of each line: user, expected version
-- returns  1 when written, 0 when a version has moved on, -1 when the scope must be listed first: nobody has written there
local calls, due, ended, lines, lineVersion = unpack(KEYS)
local count, forgetUntil, isListed, width = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1', 8
local firstCall, firstLine = 4, 4 + count * width

local before = {}
for n = 1, count do
  local at = firstCall + (n - 1) * width
  local stored = redis.call('HGET', calls, ARGV[at])
  local version, status = '0', 'none'
  if stored then version, status = string.match(stored, '^(%d+) (%a+) ') end
  if version ~= ARGV[at + 1] then return 0 end
  before[n] = status
end
for at = firstLine, #ARGV, 2 do
  local stored = redis.call('HGET', lines, ARGV[at])
  local version = stored and string.match(stored, '^%d+') or '0'
  if version ~= ARGV[at + 1] then return 0 end
end

if not isListed and redis.call('EXISTS', lineVersion) == 0 then return -1 end

local function isLive(status) return status == 'ringing' or status == 'active' end

local function nextLineVersion()
  if redis.call('EXISTS', lineVersion) == 0 then
    local time = redis.call('TIME')
    redis.call('SET', lineVersion, time[1] .. string.format('%06d', time[2]))
  end
  return string.format('%.0f', redis.call('INCR', lineVersion))
end

local function changeLine(user, id, isIn)
  local stored = redis.call('HGET', lines, user)
  local ids = stored and cjson.decode(string.match(stored, '^%d+ (.*)$')) or {}
  local rest, wasIn = {}, false
  for _, other in ipairs(ids) do
    if other == id then wasIn = true end
    if other ~= id or isIn then rest[#rest + 1] = other end
  end
  if isIn and not wasIn then rest[#rest + 1] = id end
  if #rest == 0 then redis.call('HDEL', lines, user)
  else redis.call('HSET', lines, user, nextLineVersion() .. ' ' .. cjson.encode(rest)) end
end

for n = 1, count do
  local id, _, version, status, time, from, to, record = unpack(ARGV, firstCall + (n - 1) * width, firstCall + n * width - 1)
  redis.call('HSET', calls, id, version .. ' ' .. status .. ' ' .. record)
  if isLive(status) then
    redis.call('ZADD', due, time, id)
    if before[n] == 'ended' then redis.call('ZREM', ended, id) end
  else
    redis.call('ZADD', ended, time, id)
    redis.call('ZREM', due, id)
  end
  if before[n] ~= status and (isLive(status) or isLive(before[n])) then
    changeLine(from, id, isLive(status))
    changeLine(to, id, isLive(status))
  end
end
${FORGET_ENDED}
return 1
`);
