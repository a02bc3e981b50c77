-- KEYS session or global, cells, added; ARGV whether it must exist, names of texts to drop
-- and of scenarios to take out, a name to put in or nothing, its text, what to put on top
-- with the newest first
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return '' end
local gone, list = {}, cjson.decode(ARGV[5])
for _, a in ipairs(list) do gone[a.n] = true end
for _, name in ipairs(cjson.decode(ARGV[2])) do
  gone[name] = true
  redis.call('HDEL', KEYS[3], name)
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[3], ARGV[3], ARGV[4]) end
local left = redis.call('PTTL', KEYS[1])
if left > 0 then redis.call('PEXPIRE', KEYS[3], left) end
for _, a in ipairs(active(KEYS[1])) do
  if not gone[a.n] then list[#list + 1] = a end
end
forget(KEYS[2], gone)
local v = put(KEYS[1], list)
redis.call('HSET', KEYS[1], 'texts', v)
return v
