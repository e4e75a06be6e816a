-- The moves that several scripts share; put between the prelude and those that use them.

local HISTORY_BYTES = 8192

-- What is known of a batch; nil when none of it is leased any longer.
local function batch_of(token)
  local kept = call('HGET', BATCHES, token)
  if not kept then return nil end
  local leased, expires, count, worker = string.match(kept, '^(%d+) (%d+) (%d+) (.*)$')
  return {leased = tonumber(leased), expires = tonumber(expires), count = tonumber(count), worker = worker}
end

local function drop_batch(token)
  call('HDEL', BATCHES, token, token .. 'i', token .. 'n')
  call('ZREM', LEASES, token)
end

-- Some items of a batch are no longer leased. Mostly all are let go at once; else they are counted.
local function let_go(token, batch, ids)
  call('HDEL', LEASED, unpack(ids))
  if #ids == batch.count or call('HINCRBY', BATCHES, token .. 'n', #ids) >= batch.count then drop_batch(token) end
end

-- The moves that few calls need. Made only then: to make these functions takes as long as ten commands.
local function rare()
  local function tell(id, events)
    local kept = (call('HGET', HISTORY, id) or '')
    for _, event in ipairs(events) do
      local packed = cmsgpack.pack(event)
      kept = kept .. struct.pack('>I4', #packed) .. packed
    end
    if #kept > HISTORY_BYTES then
      local from = 1
      while #kept - from >= HISTORY_BYTES * 3 / 4 do from = from + 4 + struct.unpack('>I4', kept, from) end
      kept = string.sub(kept, from)
    end
    call('HSET', HISTORY, id, kept)
  end

  -- What `leased` says of an extended item: expires_ms, extended_ms, times; nil when it was not extended.
  local function extension(held)
    local expires, at, times = string.match(held, '^%d+ (%d+) (%d+) (%d+)$')
    if expires then return tonumber(expires), tonumber(at), tonumber(times) end
  end

  -- The events of a lease so far, and `more` at its end.
  local function lease_events(batch, held, attempt, ...)
    local events = {{batch.leased, 'leased', batch.worker, attempt, false}}
    local _, at, times = extension(held)
    if at then events[2] = {at, 'extended', batch.worker, attempt, times .. ' times'} end
    for _, event in ipairs({...}) do events[#events + 1] = event end
    return events
  end

  -- Items that come back: the oldest again, at the front, in their order.
  local function give_back(ids, blobs)
    local lists = {}
    for i = #ids, 1, -1 do
      local key = KEYS[READY + string.byte(blobs[i], 9)]
      lists[key] = lists[key] or {}
      table.insert(lists[key], ids[i])
    end
    for key, list in pairs(lists) do call('LPUSH', key, unpack(list)) end
    if #ids > 0 then wake() end
  end

  local function bury(id, reason)
    call('HSET', REASONS, id, reason)
    call('ZADD', DEAD, now, id)
    call('HINCRBY', TOTALS, 'dead', 1)
  end

  local function attempts_allowed(blob, of_queue)
    local own = struct.unpack('>I4', blob, 10)
    if own > 0 then return own end
    return of_queue
  end

  -- Bring back what is over in one batch; return how many.
  local function reap_batch(token)
    local batch = batch_of(token)
    local ids = cmsgpack.unpack(call('HGET', BATCHES, token .. 'i'))
    local held = call('HMGET', LEASED, unpack(ids))
    local over, holds, first = {}, {}, nil
    for i, id in ipairs(ids) do
      local hold = held[i]
      if hold and string.match(hold, '^%d+') == token then
        local expires = extension(hold) or batch.expires
        if expires <= now then
          over[#over + 1] = id
          holds[#over] = hold
        elseif not first or expires < first then
          first = expires
        end
      end
    end
    if #over > 0 then
      local blobs = call('HMGET', ITEMS, unpack(over))
      local max_attempts = option('max_attempts', 5)
      local back, back_blobs = {}, {}
      for i, id in ipairs(over) do
        local attempt = call('HINCRBY', ATTEMPTS, id, 1)
        local events = lease_events(batch, holds[i], attempt, {now, 'expired', batch.worker, attempt, false})
        if attempt >= attempts_allowed(blobs[i], max_attempts) then
          events[#events + 1] = {now, 'dead', false, attempt, 'expired'}
          bury(id, 'expired')
        else
          back[#back + 1] = id
          back_blobs[#back] = blobs[i]
        end
        tell(id, events)
      end
      give_back(back, back_blobs)
      call('HINCRBY', TOTALS, 'expired', #over)
      let_go(token, batch, over)
    end
    if first then call('ZADD', LEASES, first, token) else drop_batch(token) end
    return #over
  end

  -- Bring back leases that are over: at least `limit` items, where there are so many. True when more may wait.
  local function reap(limit)
    local tokens = call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, 100)
    for _, token in ipairs(tokens) do
      limit = limit - reap_batch(token) - 1
      if limit <= 0 then return true end
    end
    return #tokens == 100
  end

  -- Delayed items that are due queue up at the end. True when more may wait.
  local function promote(limit)
    local due = call('ZRANGEBYSCORE', DELAYED, '-inf', now, 'LIMIT', 0, limit)
    if #due == 0 then return false end
    local blobs = call('HMGET', ITEMS, unpack(due))
    local lists = {}
    for i, id in ipairs(due) do
      local key = KEYS[READY + string.byte(blobs[i], 9)]
      lists[key] = lists[key] or {}
      table.insert(lists[key], id)
    end
    for key, list in pairs(lists) do call('RPUSH', key, unpack(list)) end
    call('ZREM', DELAYED, unpack(due))
    wake()
    return #due == limit
  end

  -- Make items of values that are not: values of a plain list. Each gets an id, so equal ones are kept apart.
  local function make_items(values)
    local last = call('HINCRBY', TOTALS, 'plain', #values)
    local head = struct.pack('>dBI4I4', now, 0, 0, 0)
    local pairs_, ids = {}, {}
    for i, value in ipairs(values) do
      ids[i] = string.format('list-%d-%d', now, last - #values + i)
      pairs_[2 * i - 1] = ids[i]
      pairs_[2 * i] = head .. value
    end
    call('HSET', ITEMS, unpack(pairs_))
    call('RPUSH', KEYS[READY], unpack(ids))
    call('HINCRBY', TOTALS, 'enqueued', #values)
    wake()
  end

  -- Take in what another program has pushed: 1,000 values, or fewer when they are large. True when more may wait.
  local function adopt()
    local bytes = 0
    for _ = 1, 10 do
      -- Read first, take away last: see the top. Another kind of value under the queue's name is none of ours.
      local values = redis.pcall('LRANGE', PLAIN, 0, 99)
      if values.err or #values == 0 then return false end
      make_items(values)
      call('LTRIM', PLAIN, #values, -1)
      if #values < 100 then return false end
      for _, value in ipairs(values) do bytes = bytes + #value end
      if bytes > 4194304 then return true end
    end
    return true
  end

  return {
    tell = tell,
    extension = extension,
    lease_events = lease_events,
    give_back = give_back,
    bury = bury,
    attempts_allowed = attempts_allowed,
    reap_batch = reap_batch,
    reap = reap,
    promote = promote,
    make_items = make_items,
    adopt = adopt,
  }
end

-- For each of `ids`, what `leased` says when the lease under `token` holds, false otherwise; and the batch.
local function holds_of(token, ids)
  local held = call('HMGET', LEASED, unpack(ids))
  local batch = batch_of(token)
  local seen, over = {}, false
  for i, id in ipairs(ids) do
    local hold = held[i]
    if hold then
      local expires
      if not batch or seen[id] then
        expires = nil
      elseif hold == token then
        expires = batch.expires
      elseif string.sub(hold, 1, #token + 1) == token .. ' ' then
        expires = tonumber(string.match(hold, '^%d+ (%d+)'))
      end
      seen[id] = true
      if not expires or expires <= now then
        held[i] = false
        over = over or expires
      end
    end
  end
  if over then rare().reap_batch(token) end
  return held, batch
end

-- Forget results whose time is over, `limit` batches at most. True when more may wait.
local function forget_results(limit)
  for _ = 1, limit do
    local oldest = call('LINDEX', COMPLETED, 0)
    if not oldest then return false end
    local entry = cmsgpack.unpack(oldest)
    if entry[1] > now then return false end
    call('HDEL', RESULTS, unpack(entry[2]))
    call('LPOP', COMPLETED)
  end
  return true
end
