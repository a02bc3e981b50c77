-- KEYS journal, index, meta, replicas, lost; ARGV replica, first and last item, data,
-- entries, bytes, highest number, most entries, most bytes, milliseconds to live, entries
-- dropped, then field and number of what is lost. Gives the last item that the replica has
-- appended, and the time.
local t = redis.call('TIME')
local at = t[1] * 1000000 + t[2]

-- lose notes the highest number of entries that are missing to somebody.
local function lose(field, n)
  if n > tonumber(redis.call('HGET', KEYS[5], field) or '0') then
    redis.call('HSET', KEYS[5], field, string.format('%.0f', n))
  end
  if redis.call('HLEN', KEYS[5]) > 1000 then -- then to everybody
    local highest = 0
    for _, v in ipairs(redis.call('HVALS', KEYS[5])) do highest = math.max(highest, tonumber(v)) end
    redis.call('DEL', KEYS[5])
    redis.call('HSET', KEYS[5], '*', string.format('%.0f', highest))
  end
end

local first, last = tonumber(ARGV[2]), tonumber(ARGV[3])
local appended = tonumber(string.match(redis.call('HGET', KEYS[4], ARGV[1]) or '0', '^%d+'))
if appended >= first then return {appended, string.format('%.0f', at)} end -- it is sent again
if appended < first - 1 then -- the server has lost it: the number is that of JournalNumber
  lose('*', math.floor((at - 1767225600000000) / 4) * 64 + 63)
end
local id = redis.call('XADD', KEYS[1], '*', 'r', ARGV[1], 'd', ARGV[4])
redis.call('HSET', KEYS[4], ARGV[1], string.format('%.0f %.0f', last, at)) -- at once: what fails below is not undone
redis.call('RPUSH', KEYS[2], table.concat({id, ARGV[5], ARGV[6], ARGV[7]}, ' '))
local entries = redis.call('HINCRBY', KEYS[3], 'entries', ARGV[5])
local bytes = redis.call('HINCRBY', KEYS[3], 'bytes', ARGV[6])
local dropped = tonumber(ARGV[11])
while entries > tonumber(ARGV[8]) or bytes > tonumber(ARGV[9]) do
  local oldest = redis.call('LPOP', KEYS[2])
  if not oldest then break end
  local gone, n, size, highest = string.match(oldest, '^(%S+) (%d+) (%d+) (%d+)$')
  redis.call('XDEL', KEYS[1], gone)
  -- 0 minus, because a batch may have no entries, and -0 is no number to the server
  entries = redis.call('HINCRBY', KEYS[3], 'entries', string.format('%.0f', 0 - tonumber(n)))
  bytes = redis.call('HINCRBY', KEYS[3], 'bytes', string.format('%.0f', 0 - tonumber(size)))
  dropped = dropped + tonumber(n)
  if tonumber(highest) > 0 then lose('*', tonumber(highest)) end
end
if dropped > 0 then redis.call('HINCRBY', KEYS[3], 'dropped', string.format('%.0f', dropped)) end
for i = 12, #ARGV, 2 do lose(ARGV[i], tonumber(ARGV[i + 1])) end
if redis.call('HLEN', KEYS[4]) > 200 then -- those are gone that have appended nothing for an hour
  local all = redis.call('HGETALL', KEYS[4])
  for i = 1, #all, 2 do
    if at - tonumber(string.match(all[i + 1], '%d+$')) > 3600000000 then redis.call('HDEL', KEYS[4], all[i]) end
  end
end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[10]) end
return {last, string.format('%.0f', at)}
