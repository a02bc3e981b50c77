-- KEYS replicas, lost, asked; ARGV replica that asks, milliseconds after which a silent
-- replica counts as gone, channel. Asks all replicas to write what they keep, and gives by
-- what they say that they have, and how many others there are.
local others = 0
for name in pairs(living(KEYS[1], KEYS[2], now(), tonumber(ARGV[2]))) do
  if name ~= ARGV[1] then others = others + 1 end
end
if others == 0 then return {'0', 0} end
local ticket = after(redis.call('GET', KEYS[3]))
redis.call('SET', KEYS[3], ticket)
redis.pcall('PUBLISH', ARGV[3], cjson.encode({kind = 'flush', from = ARGV[1], ticket = ticket}))
return {ticket, others}
