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
  local ids = stored and cjson.decode(string.match(stored, '^%d+ (.*)$')) or {}
  for _, id in ipairs(ids) do
    local call = redis.call('HGET', calls, id)
    if call then
      answer[#answer + 1] = id
      answer[#answer + 1] = string.match(call, '^%d+')
    end
  end
end
return answer
`);
