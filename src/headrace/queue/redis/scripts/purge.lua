-- Delete up to 1,000 items that are not leased; call it until it answers 0. Or those that are named, at once.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 ready | delayed | dead | results; or, with ids: ready | delayed | dead | all,
--        3... ids
-- Answer how many items

local before = answered()
if before then return before end

local function forget(ids)
  if #ids == 0 then return end
  for _, key in ipairs({ITEMS, ATTEMPTS, ERRORS, HISTORY, REASONS}) do call('HDEL', key, unpack(ids)) end
end

-- The first half of a list of ids and scores by turns.
local function members(popped)
  local ids = {}
  for i = 1, #popped, 2 do ids[#ids + 1] = popped[i] end
  return ids
end

local what = ARGV[2]
local count = 0

-- Delete one item where it is in such a state; what is leased stays.
local function withdraw(id)
  local blob = call('HGET', ITEMS, id)
  if not blob then
    -- Its batch in COMPLETED forgets it once more, which does no harm.
    if what == 'all' then call('HDEL', RESULTS, id) end
    return
  end
  if call('HEXISTS', LEASED, id) == 1 then return end
  local all = what == 'all'
  local gone = (all or what == 'delayed') and call('ZREM', DELAYED, id) == 1
    or (all or what == 'dead') and call('ZREM', DEAD, id) == 1
    or (all or what == 'ready') and call('LREM', KEYS[READY + string.byte(blob, 9)], 1, id) == 1
  if gone then
    forget({id})
    count = count + 1
  end
end

if #ARGV > 2 then
  for i = 3, #ARGV do withdraw(ARGV[i]) end
elseif what == 'ready' then
  for priority = 0, 9 do
    local ids = call('LPOP', KEYS[READY + priority], 1000) or {}
    forget(ids)
    count = count + #ids
    if count >= 1000 then break end
  end
  local values = redis.pcall('LPOP', PLAIN, 1000)
  if values and not values.err then count = count + #values end
elseif what == 'results' then
  call('UNLINK', RESULTS, COMPLETED)
else
  local ids = members(call('ZPOPMIN', what == 'delayed' and DELAYED or DEAD, 1000))
  forget(ids)
  count = #ids
end
return answer_with(count)
