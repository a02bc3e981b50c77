-- What the scripts share. The server's clock is the one that all replicas have in
-- common, in milliseconds.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A version is later than all before it, also where what it belongs to was lost: it
-- begins with the time in microseconds.
local function after(old)
  local t = redis.call('TIME')
  local v = t[1] * 1000000 + t[2]
  if old and tonumber(old) >= v then v = old + 1 end
  return string.format('%.0f', v)
end

local function text(list)
  if #list == 0 then return '[]' end -- cjson writes {} for it
  return cjson.encode(list)
end

-- put makes list what is active, the newest first; a name counts where it is newest.
local function put(key, list)
  local seen, kept, ends = {}, {}, 0
  for _, a in ipairs(list) do
    if not seen[a.n] then
      seen[a.n] = true
      kept[#kept + 1] = a
      if a.u and (ends == 0 or a.u < ends) then ends = a.u end
    end
  end
  local v = after(redis.call('HGET', key, 'version'))
  redis.call('HSET', key, 'version', v, 'active', text(kept), 'until', string.format('%.0f', ends))
  return v
end

local function active(key)
  return cjson.decode(redis.call('HGET', key, 'active') or '[]')
end

-- forget drops the cells of scenarios.
local function forget(cells, gone)
  for _, field in ipairs(redis.call('HKEYS', cells)) do
    for name in pairs(gone) do
      local start = #name .. ':' .. name .. ','
      if string.sub(field, 1, #start) == start then redis.call('HDEL', cells, field) end
    end
  end
end

-- due takes out what was active for a time that is over, and gives the names.
local function due(key, cells, at)
  local ends = tonumber(redis.call('HGET', key, 'until') or '0')
  if ends == 0 or at < ends then return {} end
  local kept, gone, names = {}, {}, {}
  for _, a in ipairs(active(key)) do
    if a.u and a.u <= at then
      gone[a.n] = true
      names[#names + 1] = a.n
    else
      kept[#kept + 1] = a
    end
  end
  forget(cells, gone)
  put(key, kept)
  return names
end

-- start turns a start, whose last scenario is the newest, into what is active.
local function start(names, by, since)
  local list = {}
  for i = #names, 1, -1 do
    list[#list + 1] = {n = names[i], b = by, s = tonumber(since)}
  end
  return list
end

-- living gives what the replicas have told that were heard of within a limit. The others
-- are noted as lost, with when they were last heard of and how many requests they had
-- counted and not written. Of those the newest stay: who has begun before an older one was
-- lost has also begun before a newer one. A replica of which nothing can be read counts as
-- lost: the others do not fail of it.
local function living(replicas, lost, at, limit)
  local live = {}
  local all = redis.call('HGETALL', replicas)
  for i = 1, #all, 2 do
    local version, seen, counted, written, ticket = string.match(all[i + 1], '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
    if seen and at - tonumber(seen) <= limit then
      live[all[i]] = {version = version, ticket = ticket}
    else
      redis.call('HDEL', replicas, all[i])
      local left = seen and math.max(0, counted - written) or 0
      redis.call('HSET', lost, all[i], (seen or string.format('%.0f', at)) .. ' ' .. string.format('%.0f', left))
    end
  end
  while redis.call('HLEN', lost) > 100 do
    local oldest, since
    local list = redis.call('HGETALL', lost)
    for i = 1, #list, 2 do
      local seen = tonumber(string.match(list[i + 1], '^%d+') or '0')
      if not since or seen < since then oldest, since = list[i], seen end
    end
    redis.call('HDEL', lost, oldest)
  end
  return live
end

-- begin begins counts that are not there, and drops those of an earlier session of the name.
local function begin(counts, made)
  local before = redis.call('HGET', counts, '=made')
  if before == made then return end
  redis.call('DEL', counts)
  local since = made
  if since == '' then since = string.format('%.0f', now()) end
  redis.call('HSET', counts, '=made', made, '=since', since)
end

-- follow has counts end behind their session: it may be used meanwhile without a count.
local function follow(session, counts, grace)
  local left = redis.call('PTTL', session)
  if left > 0 then
    redis.call('PEXPIRE', counts, left + grace)
  else
    redis.call('PERSIST', counts)
  end
end
