-- KEYS session or global, cells, added; ARGV whether it must exist, names to take out (all
-- where there are none), a name to put in or nothing, its text
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return '' end
local out = cjson.decode(ARGV[2])
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
elseif #out == 0 then
  redis.call('DEL', KEYS[3])
else
  for _, name in ipairs(out) do redis.call('HDEL', KEYS[3], name) end
end
local left = redis.call('PTTL', KEYS[1])
if left > 0 then redis.call('PEXPIRE', KEYS[3], left) end
local v = put(KEYS[1], active(KEYS[1]))
redis.call('HSET', KEYS[1], 'texts', v)
return v
