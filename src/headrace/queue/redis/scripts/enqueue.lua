-- Add items of any kind, each once. Ids that clients make are new ones.
--
-- KEYS   as in prelude.lua, then the keys under which dedupe keys are known, in the order of the items that
--        have one
-- ARGV   1 number of the call, 2 whether any id was given by the caller ("1"), 3 how many; then for each item:
--        id, the item without its time, delay_ms, dedupe_ms ("": no dedupe key)
-- Answer {index, id of the one that is there already, index, id, ...}: the duplicates, counted from 1

local before = answered()
if before then return before end

local count = tonumber(ARGV[3])
local ids = {}
for i = 1, count do ids[i] = ARGV[4 * i] end
local known, finished = {}, {}
if ARGV[2] == '1' then
  known = call('HMGET', ITEMS, unpack(ids))
  finished = call('HMGET', RESULTS, unpack(ids))
end

local seen, duplicates = {}, {}
local fields, lists, later = {}, {}, {}
local stamp = struct.pack('>d', now)
local next_dedupe = READY + 10
for i, id in ipairs(ids) do
  local at = 4 * i
  local twin = (known[i] or finished[i] or seen[id]) and id
  if ARGV[at + 3] ~= '' then
    local key = KEYS[next_dedupe]
    next_dedupe = next_dedupe + 1
    if not twin then
      twin = call('GET', key)
      local dedupe_ms = tonumber(ARGV[at + 3])
      if not twin and dedupe_ms > 0 then call('SET', key, id, 'PX', dedupe_ms) end
    end
  end
  if twin then
    duplicates[#duplicates + 1] = i
    duplicates[#duplicates + 1] = twin
  else
    seen[id] = true
    local blob = ARGV[at + 1]
    fields[#fields + 1] = id
    fields[#fields + 1] = stamp .. blob
    local delay_ms = tonumber(ARGV[at + 2])
    if delay_ms > 0 then
      later[#later + 1] = now + delay_ms
      later[#later + 1] = id
    else
      local key = KEYS[READY + string.byte(blob, 1)]
      local list = lists[key]
      if list then list[#list + 1] = id else lists[key] = {id} end
    end
  end
end
if #fields > 0 then
  call('HSET', ITEMS, unpack(fields))
  call('HINCRBY', TOTALS, 'enqueued', #fields / 2)
  if #later > 0 then call('ZADD', DELAYED, unpack(later)) end
  local any = false
  for key, list in pairs(lists) do
    call('RPUSH', key, unpack(list))
    any = true
  end
  if any then wake() end
end
return answer_with(duplicates)
