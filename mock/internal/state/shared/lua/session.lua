-- What the scripts of a session's request share.

-- use marks a session as used, which most requests write nothing for.
local function use(keys, at, last, idle)
  local step = 1000
  if idle > 0 then step = math.min(step, idle / 10) end
  if at - last < step then return end
  redis.call('HSET', keys[1], 'used', string.format('%.0f', at))
  if idle > 0 then
    for i = 1, 3 do redis.call('PEXPIRE', keys[i], idle) end
  end
end

-- told is what a replica is told of a session, nothing where it knows this version. The
-- scenarios that were added are left out where it knows those.
local function told(keys, version, texts)
  local s = redis.call('HMGET', keys[1], 'version', 'made', 'active', 'texts')
  if s[1] == version then return {} end
  local list = {s[1], s[2], s[3], s[4] or ''}
  if list[4] ~= texts then list[5] = redis.call('HGETALL', keys[3]) end
  return list
end
