-- KEYS replicas, lost, asked, global, cells; ARGV replica, milliseconds
-- after which a silent replica counts as gone, channel, version that it has, requests that
-- it has counted, how many of them are written, the last call to write that it has heeded
local at = now()
local names = due(KEYS[4], KEYS[5], at)
if #names > 0 then redis.pcall('PUBLISH', ARGV[3], '{"kind":"global"}') end
redis.call('HSET', KEYS[1], ARGV[1], table.concat({ARGV[4], string.format('%.0f', at), ARGV[5], ARGV[6], ARGV[7]}, ' '))
redis.call('HDEL', KEYS[2], ARGV[1])
local live = 0
for _ in pairs(living(KEYS[1], KEYS[2], at, tonumber(ARGV[2]))) do live = live + 1 end
return {redis.call('HGET', KEYS[4], 'version') or '', live, names, redis.call('GET', KEYS[3]) or '0'}
