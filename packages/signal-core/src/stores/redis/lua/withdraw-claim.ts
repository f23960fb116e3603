import { script } from '../script.js';

/** Takes a user's claim to a call back. */
export const WITHDRAW_CLAIM = script(`
-- KEYS     claims of the user
-- ARGV     1 call
-- returns  1 when there was one, lapsed or not, else 0
local stored = redis.call('GET', KEYS[1])
if not stored then return 0 end
local kept, found = {}, 0
for _, filed in ipairs(cjson.decode(stored)) do
  if filed[1] == ARGV[1] then found = 1 else kept[#kept + 1] = filed end
end
if found == 1 then
  if #kept == 0 then redis.call('DEL', KEYS[1])
  else redis.call('SET', KEYS[1], cjson.encode(kept), 'KEEPTTL') end
end
return found
`);
