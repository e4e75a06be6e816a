-- Make dead letters ready again, with fresh attempts.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 at most so many of the oldest, or "" for those named: 3... ids
-- Answer how many

local before = answered()
if before then return before end

local ids = {}
if ARGV[2] == '' then
  local seen = {}
  for i = 3, #ARGV do
    local id = ARGV[i]
    if not seen[id] and call('ZSCORE', DEAD, id) then ids[#ids + 1] = id end
    seen[id] = true
  end
else
  ids = call('ZRANGE', DEAD, 0, tonumber(ARGV[2]) - 1)
end
if #ids > 0 then
  local moves = rare()
  local blobs = call('HMGET', ITEMS, unpack(ids))
  for i, id in ipairs(ids) do
    moves.tell(id, {{now, 'redriven', false, false, false}})
    call('RPUSH', KEYS[READY + string.byte(blobs[i], 9)], id)
  end
  call('ZREM', DEAD, unpack(ids))
  call('HDEL', REASONS, unpack(ids))
  call('HDEL', ATTEMPTS, unpack(ids))
  call('HDEL', ERRORS, unpack(ids))
  wake()
end
return answer_with(#ids)
