-- KEYS session, cells, added, taken; ARGV whether the session must exist, its version or 0
-- for any, whether this is a use of it, version of the texts that the replica knows, most
-- cells, milliseconds for which the request is remembered or 0, number of cells in the
-- view; then cell and value for each of them; then for each effect. Gives 1 where all holds
-- and is done; 0 where not, with what the replica does not know of the session and the
-- values of the cells in the view; -1 for a session that there is not, -2 for a full one.
if ARGV[6] ~= '0' and redis.call('EXISTS', KEYS[4]) == 1 then return {1} end
local same, idle = true, 0
if ARGV[1] == '1' then
  local at = now()
  local s = redis.call('HMGET', KEYS[1], 'version', 'used', 'idle', 'until')
  if not s[1] then return {-1} end
  idle = tonumber(s[3])
  if s[4] ~= '0' and #due(KEYS[1], KEYS[2], at) > 0 then s[1] = redis.call('HGET', KEYS[1], 'version') end
  if ARGV[3] == '1' then use(KEYS, at, s[2], idle) end
  same = ARGV[2] == '0' or s[1] == ARGV[2]
end
local effects = 8 + 2 * tonumber(ARGV[7])
local held, values = {}, {}
for i = 8, effects - 1, 2 do
  local value = redis.call('HGET', KEYS[2], ARGV[i])
  held[ARGV[i]] = value
  values[#values + 1] = value or ''
  same = same and (value or '0:') == ARGV[i + 1]
end
if not same then
  local news = {}
  if ARGV[1] == '1' then news = told(KEYS, ARGV[2], ARGV[4]) end
  return {0, news, values}
end
local new = 0
for i = effects, #ARGV, 2 do
  if not held[ARGV[i]] and redis.call('HEXISTS', KEYS[2], ARGV[i]) == 0 then new = new + 1 end
end
if new > 0 and redis.call('HLEN', KEYS[2]) + new > tonumber(ARGV[5]) then return {-2} end
for i = effects, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
if new > 0 and idle > 0 then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then redis.call('PEXPIRE', KEYS[2], left) end
end
if ARGV[6] ~= '0' then redis.call('SET', KEYS[4], '', 'PX', ARGV[6]) end
return {1}
