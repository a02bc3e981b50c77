-- KEYS session or global, cells, added; ARGV whether it must exist, by, since, whether the
-- texts are dropped
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return '' end
local dropped = 0
if ARGV[4] == '1' then dropped = redis.call('DEL', KEYS[3]) end
redis.call('DEL', KEYS[2])
local v = put(KEYS[1], start(cjson.decode(redis.call('HGET', KEYS[1], 'start') or '[]'), ARGV[2], ARGV[3]))
if dropped > 0 then redis.call('HSET', KEYS[1], 'texts', v) end
return v
