-- KEYS replicas, lost, counts and counts of everybody; ARGV replica, milliseconds after
-- which a silent one is no reason to go on with the counts. They begin anew with the first
-- replica.
local at = now()
for _, key in ipairs({KEYS[1], KEYS[2]}) do
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local seen = string.match(all[i + 1], key == KEYS[1] and '^%d+ (%d+)' or '^(%d+)')
    if all[i] ~= ARGV[1] and at - tonumber(seen or '0') <= tonumber(ARGV[2]) then return 0 end
  end
end
for i = 3, #KEYS do
  redis.call('DEL', KEYS[i])
  begin(KEYS[i], '')
end
return 1
