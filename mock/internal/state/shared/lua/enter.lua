-- KEYS session, cells, added; ARGV create, version and version of the texts that the
-- replica knows, most cells that it is told
local at = now()
local h = redis.call('HMGET', KEYS[1], 'version', 'used', 'idle')
if not h[1] then
  if ARGV[1] == '0' then return {0} end
  redis.call('DEL', KEYS[2], KEYS[3]) -- they may outlive the session by a moment
  redis.call('HSET', KEYS[1], 'made', string.format('%.0f', at), 'used', string.format('%.0f', at), 'idle', '0', 'start', '[]')
  put(KEYS[1], {})
else
  due(KEYS[1], KEYS[2], at)
  use(KEYS, at, h[2], tonumber(h[3]))
end
local news, cells = told(KEYS, ARGV[2], ARGV[3]), {}
if #news > 0 and redis.call('HLEN', KEYS[2]) <= tonumber(ARGV[4]) then cells = redis.call('HGETALL', KEYS[2]) end
return {1, news, cells}
