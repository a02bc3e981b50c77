-- KEYS session, cells, added; ARGV names, milliseconds that it may be idle, by, since
local existed = redis.call('EXISTS', KEYS[1])
local at = string.format('%.0f', now())
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HDEL', KEYS[1], 'texts')
redis.call('HSET', KEYS[1], 'made', at, 'used', at, 'idle', ARGV[2], 'start', ARGV[1])
put(KEYS[1], start(cjson.decode(ARGV[1]), ARGV[3], ARGV[4]))
if ARGV[2] == '0' then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return existed
