/** Lets ended calls go; `calls`, `ended` and `forgetUntil` are those of the script around it. */
export const FORGET_ENDED = `
local old = redis.call('ZRANGEBYSCORE', ended, '-inf', forgetUntil, 'LIMIT', 0, 1000)
if #old > 0 then
  redis.call('HDEL', calls, unpack(old))
  redis.call('ZREM', ended, unpack(old))
end`;
