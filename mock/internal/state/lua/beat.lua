-- KEYS replicas, global, a key that never exists; ARGV replica, version that it has,
-- milliseconds after which a silent replica counts as gone, channel
local at = now()
local names = due(KEYS[2], KEYS[3], at)
if #names > 0 then redis.pcall('PUBLISH', ARGV[4], '{"kind":"global"}') end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', at))
local live = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local since = at - tonumber(string.match(all[i + 1], ' (%d+)$'))
  if since <= tonumber(ARGV[3]) then
    live = live + 1
  elseif since > 100 * tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return {redis.call('HGET', KEYS[2], 'version') or '', live, names}
