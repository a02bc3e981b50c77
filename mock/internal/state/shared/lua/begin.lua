-- KEYS global; ARGV names, by, since. A replica that begins as those before it joins them.
if redis.call('HGET', KEYS[1], 'start') == ARGV[1] then return redis.call('HGET', KEYS[1], 'version') end
redis.call('HSET', KEYS[1], 'start', ARGV[1])
return put(KEYS[1], start(cjson.decode(ARGV[1]), ARGV[2], ARGV[3]))
