-- KEYS session or global, cells; ARGV whether it must exist, by, since
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return '' end
redis.call('DEL', KEYS[2])
return put(KEYS[1], start(cjson.decode(redis.call('HGET', KEYS[1], 'start') or '[]'), ARGV[2], ARGV[3]))
