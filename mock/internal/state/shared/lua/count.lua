-- KEYS session or global, counts; ARGV whether it must exist, when it was made or nothing for
-- any time, milliseconds for which they outlive it, replica, number of the batch, most
-- fields, most texts of a list, number of counts; then name and number of each; then list
-- and text of each. A batch that comes again changes nothing.
local made = ''
if ARGV[1] == '1' then
  made = redis.call('HGET', KEYS[1], 'made')
  if not made or ARGV[2] ~= '' and ARGV[2] ~= made then return 0 end
end
begin(KEYS[2], made)
local batch = '=batch ' .. ARGV[4]
if tonumber(redis.call('HGET', KEYS[2], batch) or '0') >= tonumber(ARGV[5]) then return 1 end
redis.call('HSET', KEYS[2], batch, ARGV[5])
local fields, most = redis.call('HLEN', KEYS[2]), tonumber(ARGV[6])
local function room(field)
  if redis.call('HEXISTS', KEYS[2], field) == 1 then return true end
  if fields >= most then
    redis.call('HSET', KEYS[2], '=full', '1')
    return false
  end
  fields = fields + 1
  return true
end
local lists = 9 + 2 * tonumber(ARGV[8])
for i = 9, lists - 1, 2 do
  local field = '+' .. ARGV[i]
  if room(field) then redis.call('HINCRBY', KEYS[2], field, ARGV[i + 1]) end
end
for i = lists, #ARGV, 2 do
  local length = tonumber(redis.call('HGET', KEYS[2], '#' .. ARGV[i]) or '0')
  if length < tonumber(ARGV[7]) and room('#' .. ARGV[i]) and room('@' .. length .. ' ' .. ARGV[i]) then
    redis.call('HSET', KEYS[2], '#' .. ARGV[i], length + 1, '@' .. length .. ' ' .. ARGV[i], ARGV[i + 1])
  end
end
if ARGV[1] == '1' then follow(KEYS[1], KEYS[2], tonumber(ARGV[3])) end
return 1
