-- KEYS session or global, cells; ARGV whether it must exist, names to take out, what to
-- put on top with the newest first
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return '' end
due(KEYS[1], KEYS[2], now())
local gone = {}
for _, name in ipairs(cjson.decode(ARGV[2])) do gone[name] = true end
local list = cjson.decode(ARGV[3])
for _, a in ipairs(active(KEYS[1])) do
  if not gone[a.n] then list[#list + 1] = a end
end
forget(KEYS[2], gone)
return put(KEYS[1], list)
