-- Tell all that is known of some items. Changes nothing.
--
-- KEYS   as in prelude.lua
-- ARGV   1 is not read, 2 state, or "" for the items named: 3... ids
--        otherwise 3 limit, 4 for dead: the id after which to begin ("": from the oldest)
-- Answer for each item {id, state, item, attempts ended badly, error, history, what `leased` says, what
--        `batches` says, score (when due, when dead), reason, result}; false where there is none

local state = ARGV[2]

local function up_to(ids, more, limit)
  for _, id in ipairs(more) do
    if #ids >= limit then return end
    ids[#ids + 1] = id
  end
end

local function find(limit)
  local ids = {}
  if limit == 0 then return ids end
  if state == 'ready' then
    for priority = 9, 0, -1 do
      if #ids < limit then up_to(ids, call('LRANGE', KEYS[READY + priority], 0, limit - 1), limit) end
    end
  elseif state == 'delayed' then
    ids = call('ZRANGE', DELAYED, 0, limit - 1)
  elseif state == 'dead' then
    local from = (ARGV[4] or '') ~= '' and call('ZRANK', DEAD, ARGV[4])
    from = from and from + 1 or 0
    ids = call('ZRANGE', DEAD, from, from + limit - 1)
  elseif state == 'leased' then
    for _, token in ipairs(call('ZRANGE', LEASES, 0, limit - 1)) do
      local listed = cmsgpack.unpack(call('HGET', BATCHES, token .. 'i'))
      local held = call('HMGET', LEASED, unpack(listed))
      local still = {}
      for i, id in ipairs(listed) do
        if held[i] and string.match(held[i], '^%d+') == token then still[#still + 1] = id end
      end
      up_to(ids, still, limit)
      if #ids >= limit then break end
    end
  else
    -- The last ones to complete, newest first.
    for i = -1, -limit, -1 do
      local packed = call('LINDEX', COMPLETED, i)
      if not packed then break end
      local entry = cmsgpack.unpack(packed)
      if entry[1] > now then up_to(ids, entry[2], limit) end
      if #ids >= limit then break end
    end
  end
  return ids
end

local function tell_of(id)
  local blob = call('HGET', ITEMS, id)
  if not blob then
    local result = call('HGET', RESULTS, id)
    if not result then return false end
    return {id, 'completed', false, false, false, false, false, false, false, false, result}
  end
  local is, score, batch = 'ready', false, false
  local held = call('HGET', LEASED, id)
  if held then
    is = 'leased'
    batch = call('HGET', BATCHES, string.match(held, '^%d+'))
  else
    score = call('ZSCORE', DELAYED, id)
    if score then
      is = 'delayed'
    else
      score = call('ZSCORE', DEAD, id)
      if score then is = 'dead' end
    end
  end
  return {id, is, blob, call('HGET', ATTEMPTS, id), call('HGET', ERRORS, id), call('HGET', HISTORY, id), held,
    batch, score, call('HGET', REASONS, id), false}
end

local ids = {}
if state == '' then
  for i = 3, #ARGV do ids[#ids + 1] = ARGV[i] end
else
  ids = find(tonumber(ARGV[3]))
end
local told = {}
for _, id in ipairs(ids) do
  local item = tell_of(id)
  if item then told[#told + 1] = item end
end
return told
