-- KEYS session, cells, added; ARGV create, version and version of the texts that the
-- replica knows
local at = now()
local h = redis.call('HMGET', KEYS[1], 'version', 'used', 'idle')
if not h[1] then
  if ARGV[1] == '0' then return {0} end
  redis.call('DEL', KEYS[2], KEYS[3]) -- they may outlive the session by a moment
  redis.call('HSET', KEYS[1], 'made', string.format('%.0f', at), 'used', string.format('%.0f', at), 'idle', '0', 'start', '[]')
  put(KEYS[1], {})
else
  due(KEYS[1], KEYS[2], at)
  local idle = tonumber(h[3])
  local step = 1000 -- most requests write nothing
  if idle > 0 then step = math.min(step, idle / 10) end
  if at - h[2] >= step then
    redis.call('HSET', KEYS[1], 'used', string.format('%.0f', at))
    if idle > 0 then
      for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], idle) end
    end
  end
end
local s = redis.call('HMGET', KEYS[1], 'version', 'made', 'active', 'texts')
if s[1] == ARGV[2] then return {1} end
local texts = s[4] or ''
if texts == ARGV[3] then return {1, s[1], s[2], s[3], texts} end
return {1, s[1], s[2], s[3], texts, redis.call('HGETALL', KEYS[3])}
