import { script } from '../script.js';

/** Reads which live calls users have, as they are at one moment. */
export const READ_LIVE = script(`
-- KEYS     calls, lines
-- ARGV     users
-- returns  of each of their calls: id, version; twice of one between two of them
local calls, lines = unpack(KEYS)
local answer = {}
for _, user in ipairs(ARGV) do
  local stored = redis.call('HGET', lines, user)
  -- what cannot be read hides nothing of the others
  local isRead, ids = pcall(cjson.decode, stored and string.match(stored, '^%d+ (.*)$') or '[]')
  for _, id in ipairs(isRead and type(ids) == 'table' and ids or {}) do
    local call = redis.call('HGET', calls, id)
    local version = call and string.match(call, '^%d+')
    if version then
      answer[#answer + 1] = id
      answer[#answer + 1] = version
    end
  end
end
return answer
`);
