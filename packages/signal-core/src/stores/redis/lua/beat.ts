import { script } from '../script.js';

/**
 * A lease is `beatAt steadySince`, a burial `by since`; epoch milliseconds of Redis. What cannot be read is one of now: who
 * lives says so again, and who does not is silent in time.
 */
const PRELUDE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function lease(stored)
  local beatAt, since = string.match(stored, '^(%d+) (%d+)$')
  return tonumber(beatAt or now), tonumber(since or now), beatAt ~= nil
end
local function burial(stored)
  local since = string.match(stored, '^%S+ (%d+)$')
  return tonumber(since or now), since ~= nil
end
`;

/** Says that a node lives. */
export const BEAT = script(`
-- KEYS     nodes, burials, dead, memory
-- ARGV     1 node, 2 lease, 3 gap, 4 how long the dead are remembered; milliseconds; 5 a name for the memory
-- returns  whether it was known, the time, the name of the memory, how many live, those who live, those who are silent
local nodes, burials, dead, memory = unpack(KEYS)
local self, life, gap, remembered = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
${PRELUDE}
redis.call('SET', memory, ARGV[5], 'NX')
redis.call('ZREMRANGEBYSCORE', dead, '-inf', text(now - remembered))
local stored = redis.call('HGET', nodes, self)
if redis.call('HEXISTS', burials, self) == 0 and not redis.call('ZSCORE', dead, self) then
  local steadySince = now
  if stored then
    local beatAt, since = lease(stored)
    if now - beatAt < gap then steadySince = since end
  end
  redis.call('HSET', nodes, self, text(now) .. ' ' .. text(steadySince))
end
local alive, silent = {}, {}
local leases = redis.call('HGETALL', nodes)
for n = 1, #leases, 2 do
  local beatAt, _, isRead = lease(leases[n + 1])
  if not isRead then redis.call('HSET', nodes, leases[n], text(now) .. ' ' .. text(now)) end
  local list = now - beatAt < life and alive or silent
  list[#list + 1] = leases[n]
end
local begun = redis.call('HGETALL', burials)
for n = 1, #begun, 2 do
  local since, isRead = burial(begun[n + 1])
  if not isRead then redis.call('HSET', burials, begun[n], self .. ' ' .. text(now)) end
  if now - since >= life then silent[#silent + 1] = begun[n] end
end
local answer = {stored and '1' or '0', text(now), redis.call('GET', memory), tostring(#alive)}
for _, node in ipairs(alive) do answer[#answer + 1] = node end
for _, node in ipairs(silent) do answer[#answer + 1] = node end
return answer
`);

/** Declares a node dead. */
export const CLAIM_NODE = script(`
-- KEYS     nodes, burials
-- ARGV     1 the silent one, 2 who claims it, 3 lease in milliseconds
-- returns  1 when claimed, 2 when claimed since it left, else 0
local nodes, burials = unpack(KEYS)
local silent, self, life = ARGV[1], ARGV[2], tonumber(ARGV[3])
${PRELUDE}
local own = redis.call('HGET', nodes, self)
if not own or self == silent then return 0 end
local hasLeft = false
local begun = redis.call('HGET', burials, silent)
if begun then
  if now - burial(begun) < life then return 0 end
else
  local stored = redis.call('HGET', nodes, silent)
  if not stored then return 0 end
  local beatAt = lease(stored)
  if now - beatAt < life then return 0 end
  hasLeft = beatAt == 0
end
local _, steadySince = lease(own)
if not hasLeft and now - steadySince < life then return 0 end
redis.call('HDEL', nodes, silent)
redis.call('HSET', burials, silent, self .. ' ' .. text(now))
return hasLeft and 2 or 1
`);

/** A burial has ended. */
export const BURIED = script(`
-- KEYS     burials, dead
-- ARGV     1 the dead one
-- returns  1
local burials, dead = unpack(KEYS)
${PRELUDE}
if redis.call('HDEL', burials, ARGV[1]) == 1 then redis.call('ZADD', dead, text(now), ARGV[1]) end
return 1
`);

/** A node goes: it has never been heard of for longer. */
export const LEAVE = script(`
-- KEYS     nodes
-- ARGV     1 node
-- returns  1
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then redis.call('HSET', KEYS[1], ARGV[1], '0 0') end
return 1
`);
