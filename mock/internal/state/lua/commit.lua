-- KEYS session, cells, taken; ARGV whether the session must exist, its version or 0 for
-- any, most cells, milliseconds for which the request is remembered or 0, number of
-- cells in the view; then cell and value for each of them; then for each effect
if ARGV[4] ~= '0' and redis.call('EXISTS', KEYS[3]) == 1 then return 1 end
if ARGV[1] == '1' then
  local v = redis.call('HGET', KEYS[1], 'version')
  if not v then return -1 end
  if ARGV[2] ~= '0' and v ~= ARGV[2] then return 0 end
end
local effects = 6 + 2 * tonumber(ARGV[5])
for i = 6, effects - 1, 2 do
  if (redis.call('HGET', KEYS[2], ARGV[i]) or '0:') ~= ARGV[i + 1] then return 0 end
end
local new = 0
for i = effects, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[2], ARGV[i]) == 0 then new = new + 1 end
end
if new > 0 and redis.call('HLEN', KEYS[2]) + new > tonumber(ARGV[3]) then return -2 end
for i = effects, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
if ARGV[1] == '1' and new > 0 then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then redis.call('PEXPIRE', KEYS[2], left) end
end
if ARGV[4] ~= '0' then redis.call('SET', KEYS[3], '', 'PX', ARGV[4]) end
return 1
