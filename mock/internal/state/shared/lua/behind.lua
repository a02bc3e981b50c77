-- KEYS replicas, lost; ARGV version, milliseconds after which a silent replica counts as
-- gone. Gives how many replicas there are and how many of them have not got to the version.
local live, behind = 0, 0
for _, told in pairs(living(KEYS[1], KEYS[2], now(), tonumber(ARGV[2]))) do
  live = live + 1
  if tonumber(told.version) < tonumber(ARGV[1]) then behind = behind + 1 end
end
return {live, behind}
