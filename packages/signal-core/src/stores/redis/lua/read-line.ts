import { script } from '../script.js';

/** Reads a line with its calls, as they are at one moment. */
export const READ_LINE = script(`
-- KEYS     calls, lines
-- ARGV     1 user
-- returns  the version of the line, then what is stored of each of its calls; nothing for an empty line
local calls, lines = unpack(KEYS)
local stored = redis.call('HGET', lines, ARGV[1])
if not stored then return {} end
local version, ids = string.match(stored, '^(%d+) (.*)$')
local answer = { version }
for _, id in ipairs(cjson.decode(ids)) do answer[#answer + 1] = redis.call('HGET', calls, id) end
return answer
`);
