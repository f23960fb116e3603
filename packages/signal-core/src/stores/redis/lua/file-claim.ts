import { script } from '../script.js';

/** Files a user's claim to a call, and looks for the other party's. */
export const FILE_CLAIM = script(`
-- KEYS     claims of the user, claims of the peer
-- ARGV     1 call, 2 record, 3 now, 4 when it lapses, 5 how many a user may have, 6 how long they stay after they lapse
-- returns  the record of the peer's live claim to the call, or nothing
local call, record, now, lapses, most, margin = unpack(ARGV)
now = tonumber(now)

local function read(key)
  local stored = redis.call('GET', key)
  return stored and cjson.decode(stored) or {}
end

local kept, last = {}, now
for _, filed in ipairs(read(KEYS[1])) do
  if filed[1] ~= call then kept[#kept + 1] = filed end
end
kept[#kept + 1] = { call, lapses, record }
while #kept > tonumber(most) do table.remove(kept, 1) end
for _, filed in ipairs(kept) do last = math.max(last, tonumber(filed[2])) end
redis.call('SET', KEYS[1], cjson.encode(kept), 'PX', string.format('%.0f', last - now + tonumber(margin)))

for _, filed in ipairs(read(KEYS[2])) do
  if filed[1] == call and tonumber(filed[2]) > now then return filed[3] end
end
return false
`);
