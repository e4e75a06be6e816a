-- Add new items that are ready at once, all of one priority: what most items are, for fewer words each.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 priority, then for each item: id, the item without its time
-- Answer {}: none is a duplicate

local before = answered()
if before then return before end

local stamp = struct.pack('>d', now)
local ids, fields = {}, {}
for at = 3, #ARGV, 2 do
  local id = ARGV[at]
  ids[#ids + 1] = id
  fields[at - 2] = id
  fields[at - 1] = stamp .. ARGV[at + 1]
end
call('HSET', ITEMS, unpack(fields))
call('HINCRBY', TOTALS, 'enqueued', #ids)
call('RPUSH', KEYS[READY + ARGV[2]], unpack(ids))
wake()
return answer_with({})
