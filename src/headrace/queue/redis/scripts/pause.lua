-- Pause a queue, or let it go on. Doing it again changes nothing.
--
-- KEYS   as in prelude.lua
-- ARGV   1 is not read, 2 "1" to pause it, "0" to let it go on
-- Answer 1, or 0 when there is no such queue

if call('EXISTS', OPTIONS) == 0 then return 0 end
if ARGV[2] == '1' then
  call('HSET', OPTIONS, 'paused', '1')
else
  -- First what may be refused for want of memory: see prelude.lua.
  wake()
  call('HDEL', OPTIONS, 'paused')
end
return 1
