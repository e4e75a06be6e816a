-- Count. Changes nothing.
--
-- KEYS   as in prelude.lua
-- ARGV   1 is not read
-- Answer {ready, delayed, leased, dead, enqueued, completed, retried, expired, dead so far, age of the oldest
--        ready item in ms (-1: none), whether it is paused (1)}

local ready, oldest = 0, -1
for priority = 0, 9 do
  local key = KEYS[READY + priority]
  local length = call('LLEN', key)
  if length > 0 then
    ready = ready + length
    local enqueued = struct.unpack('>d', call('HGET', ITEMS, call('LINDEX', key, 0)))
    oldest = math.max(oldest, now - enqueued)
  end
end
local plain = redis.pcall('LLEN', PLAIN)
if type(plain) == 'table' then plain = 0 end
local totals = call('HMGET', TOTALS, 'enqueued', 'completed', 'retried', 'expired', 'dead')
local answer = {ready + plain, call('ZCARD', DELAYED), call('HLEN', LEASED), call('ZCARD', DEAD)}
for i = 1, 5 do answer[4 + i] = tonumber(totals[i] or 0) end
answer[10] = oldest
answer[11] = call('HEXISTS', OPTIONS, 'paused')
return answer
