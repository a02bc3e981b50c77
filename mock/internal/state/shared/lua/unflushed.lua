-- KEYS replicas, lost; ARGV replica that asks, milliseconds after which a silent replica
-- counts as gone, what flush.lua gave. Gives how many replicas there are and how many of
-- the others have not written what they keep since.
local live, behind = 0, 0
for name, told in pairs(living(KEYS[1], KEYS[2], now(), tonumber(ARGV[2]))) do
  live = live + 1
  if name ~= ARGV[1] and tonumber(told.ticket) < tonumber(ARGV[3]) then behind = behind + 1 end
end
return {live, behind}
