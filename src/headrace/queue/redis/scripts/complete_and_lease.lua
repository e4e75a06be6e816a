-- Complete leases, then take the next items. Either part may be empty.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 max_items, 3 lease_ms, 4 worker, 5 number of groups; then for each group:
--        token, how many, and for each item of it: id, result ("0", or "1" and the result)
-- Answer {refused ids, token, expires_ms, max_attempts of the queue, ids, items, attempts ended badly ({}: none),
--        ms until something is due (-1: nothing)}
--
-- A result is kept as: until (>d ms), completed (>d ms), leased (>d ms), attempt (>I4), bytes of worker (>I2),
-- of the extension (>I2), of the history (>I4); these three; the item without its payload; the result.

local max_items = tonumber(ARGV[2])
local options = call('HMGET', OPTIONS, 'result_ms', 'max_attempts', 'paused')
local result_ms = tonumber(options[1] or 3600000)
local refused, token, ids, ends = {}, '0', {}, 0

local function complete(under, done, results)
  local held, batch = holds_of(under, done)
  local good, kept, holds = {}, {}, {}
  for i, id in ipairs(done) do
    if held[i] then
      good[#good + 1] = id
      kept[#good] = results[i]
      holds[#good] = held[i]
    else
      refused[#refused + 1] = id
    end
  end
  if #good == 0 then return end
  -- Most items never had trouble: then nothing is looked up for them.
  local troubled = call('EXISTS', HISTORY) == 1
  if result_ms > 0 then
    local histories, attempts
    if troubled then
      histories = call('HMGET', HISTORY, unpack(good))
      attempts = call('HMGET', ATTEMPTS, unpack(good))
    end
    local function head(attempt, extended, history)
      return struct.pack('>dddI4I2I2I4', now + result_ms, now, batch.leased, attempt, #batch.worker, #extended,
        #history) .. batch.worker .. extended .. history
    end
    local plain_head = head(1, '', '')
    local blobs = call('HMGET', ITEMS, unpack(good))
    local records = {}
    for i, id in ipairs(good) do
      local blob, start = blobs[i], plain_head
      if holds[i] ~= under or (troubled and histories[i]) then
        local extended = string.match(holds[i], '^%d+ %d+ (.*)$') or ''
        start = head(1 + (troubled and attempts[i] or 0), extended, troubled and histories[i] or '')
      end
      records[2 * i - 1] = id
      records[2 * i] = start .. string.sub(blob, 1, 17 + struct.unpack('>I4', blob, 14)) .. kept[i]
    end
    call('HSET', RESULTS, unpack(records))
    call('RPUSH', COMPLETED, cmsgpack.pack({now + result_ms, good}))
    -- As many batches as are kept, and some: small ones now and then, together.
    if #good >= 16 then forget_results(2) elseif ARGV[1] % 16 == 0 then forget_results(32) end
  end
  call('HINCRBY', TOTALS, 'completed', #good)
  call('HDEL', ITEMS, unpack(good))
  if troubled then
    call('HDEL', HISTORY, unpack(good))
    call('HDEL', ATTEMPTS, unpack(good))
    call('HDEL', ERRORS, unpack(good))
  end
  let_go(under, batch, good)
end

-- Bring back what is due; return the highest priority of which there may be items.
local function bring_back()
  if call('ZCOUNT', LEASES, '-inf', now) > 0 then rare().reap(1000) end
  -- Mostly there is nothing but items of priority 0.
  if call('EXISTS', DELAYED, PLAIN, unpack(KEYS, READY + 1, READY + 9)) == 0 then return 0 end
  if call('ZCOUNT', DELAYED, '-inf', now) > 0 then rare().promote(1000) end
  if call('EXISTS', PLAIN) > 0 then rare().adopt() end
  return 9
end

local function take(highest)
  for priority = highest, 0, -1 do
    local more = call('LPOP', KEYS[READY + priority], max_items - #ids)
    if more then
      if #ids == 0 then ids = more else for _, id in ipairs(more) do ids[#ids + 1] = id end end
      if #ids == max_items then break end
    end
  end
  if #ids == 0 then return end
  local fields = {}
  for i, id in ipairs(ids) do
    fields[2 * i - 1] = id
    fields[2 * i] = token
  end
  call('HSET', LEASED, unpack(fields))
  ends = now + tonumber(ARGV[3])
  call('ZADD', LEASES, ends, token)
  call('HSET', BATCHES, token, string.format('%d %d %d %s', now, ends, #ids, ARGV[4]), token .. 'i',
    cmsgpack.pack(ids))
  -- Others may be waiting for the rest.
  if #ids == max_items then wake() end
end

-- Milliseconds until a lease or a delay ends; -1 when there is none.
local function due_in()
  local soonest = -1
  for _, key in ipairs({LEASES, DELAYED}) do
    local first = call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if first[2] then
      local wait = math.max(0, tonumber(first[2]) - now)
      if soonest < 0 or wait < soonest then soonest = wait end
    end
  end
  return soonest
end

local before = answered()
if before then
  token, refused = before[1], before[2]
  local batch = batch_of(token)
  if batch then
    ends = batch.expires
    -- What is still held of that batch; the rest has been reaped meanwhile.
    local listed = cmsgpack.unpack(call('HGET', BATCHES, token .. 'i'))
    local held = holds_of(token, listed)
    for i, id in ipairs(listed) do
      if held[i] then ids[#ids + 1] = id end
    end
  end
else
  local at = 6
  for _ = 1, tonumber(ARGV[5]) do
    local count = tonumber(ARGV[at + 1])
    local done, results = {}, {}
    for i = 1, count do
      done[i] = ARGV[at + 2 * i]
      results[i] = ARGV[at + 2 * i + 1]
    end
    complete(ARGV[at], done, results)
    at = at + 2 + 2 * count
  end
  if max_items > 0 then
    -- Of a paused queue, too, leases end and delays are over.
    local highest = bring_back()
    if not options[3] then
      token = string.format('%d', call('INCR', FENCE))
      take(highest)
    end
  end
  answer_with({token, refused})
end

local blobs, attempts = {}, {}
if #ids > 0 then
  blobs = call('HMGET', ITEMS, unpack(ids))
  if call('EXISTS', ATTEMPTS) > 0 then attempts = call('HMGET', ATTEMPTS, unpack(ids)) end
end
return {refused, token, ends, tonumber(options[2] or 5), ids, blobs, attempts, #ids == 0 and due_in() or 0}
