-- Delete up to 1,000 items that are not leased; call it until it answers 0.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 ready | delayed | dead | results
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
if what == 'ready' then
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
