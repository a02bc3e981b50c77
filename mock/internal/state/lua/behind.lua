-- KEYS replicas; ARGV version, milliseconds after which a silent replica counts as gone.
-- Gives how many replicas there are and how many of them have not got to the version.
local at, live, behind = now(), 0, 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local v, seen = string.match(all[i + 1], '^(%d+) (%d+)$')
  if at - tonumber(seen) <= tonumber(ARGV[2]) then
    live = live + 1
    if tonumber(v) < tonumber(ARGV[1]) then behind = behind + 1 end
  end
end
return {live, behind}
