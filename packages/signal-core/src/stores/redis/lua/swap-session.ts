import { script } from '../script.js';

/** Writes or removes the session of a device, if it has the expected connection, and tells of it. */
export const SWAP_SESSION = script(`
-- KEYS     sessions, presence, presence-seq, burials, dead
-- ARGV     1 user, 2 device, 3 expected connection or '', 4 connection, '' to remove, 5 keeps its place: 1 or 0,
--          6 node or '', 7 record, 8 the name of held without a node, 9 how many changes are kept about
-- returns  1 when written, 0 when it has another connection, or the node is dead
local sessions, presence, presenceSeq, burials, dead = unpack(KEYS)
local user, device, expected, connection, keepsPlace, node, record, held, kept = unpack(ARGV)
if node ~= '' and (redis.call('HEXISTS', burials, node) == 1 or redis.call('ZSCORE', dead, node)) then return 0 end
local stored = redis.call('HGET', sessions, user)
local list = stored and cjson.decode(stored) or {}
local at
for n, one in ipairs(list) do if one[1] == device then at = n end end
if (at and list[at][2] or '') ~= expected then return 0 end

local before = at and list[at][3] or ''
if connection == '' then
  if at then table.remove(list, at) end
elseif at and keepsPlace == '1' then
  list[at] = {device, connection, node, record}
else
  if at then table.remove(list, at) end
  list[#list + 1] = {device, connection, node, record}
end
if redis.call('EXISTS', presenceSeq) == 0 then
  local time = redis.call('TIME')
  redis.call('SET', presenceSeq, time[1] .. string.format('%06d', time[2]))
end
local seq = string.format('%.0f', redis.call('INCR', presenceSeq))
if #list == 0 then redis.call('HDEL', sessions, user)
else redis.call('HSET', sessions, user, cjson.encode(list)) end
local after = connection ~= '' and node or ''
if before ~= '' and before ~= after then redis.call('SREM', held .. before, device) end
if after ~= '' and before ~= after then redis.call('SADD', held .. after, device) end
redis.call('XADD', presence, 'MAXLEN', '~', kept, '*', 'n', seq, 'device', device, 'session', connection ~= '' and record or '')
return 1
`);
