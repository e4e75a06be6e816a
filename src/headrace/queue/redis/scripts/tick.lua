-- Bring back what is due and forget what is over, a bounded share of it: run by every open client, so that
-- nothing waits for the next item to arrive.
--
-- KEYS   as in prelude.lua
-- ARGV   1 is not read
-- Answer 1 when more may wait

local moves = rare()
local more = moves.reap(1000)
more = moves.promote(1000) or more
more = moves.adopt() or more
more = forget_results(10) or more
local old = call('ZRANGEBYSCORE', DEAD, '-inf', now - option('dead_ms', 1209600000), 'LIMIT', 0, 500)
if #old > 0 then
  for _, key in ipairs({ITEMS, ATTEMPTS, ERRORS, HISTORY, REASONS}) do call('HDEL', key, unpack(old)) end
  call('ZREM', DEAD, unpack(old))
end
return (more or #old == 500) and 1 or 0
