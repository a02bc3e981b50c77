-- KEYS session or global, counts; ARGV whether it must exist, milliseconds for
-- which they outlive it. Counts begin anew.
local made = ''
if ARGV[1] == '1' then
  made = redis.call('HGET', KEYS[1], 'made')
  if not made then return '' end
end
redis.call('DEL', KEYS[2])
begin(KEYS[2], made)
redis.call('HSET', KEYS[2], '=since', string.format('%.0f', now()))
if ARGV[1] == '1' then follow(KEYS[1], KEYS[2], tonumber(ARGV[2])) end
return '1'
