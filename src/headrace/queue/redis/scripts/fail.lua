-- Give items up: again after a pause, or dead when no attempt is left.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 number of groups; then for each group: token, how many, and for each item of
--        it: id, error, retry_ms ("": the queue's backoff), final ("1"), error for the history
-- Answer refused ids

local before = answered()
if before then return before end

local moves = rare()
local max_attempts = option('max_attempts', 5)
local backoff_ms = option('backoff_ms', 1000)
local backoff_ms_max = option('backoff_ms_max', 300000)
local refused = {}

local function fail(token, batch, held, id, blob, at)
  local attempt = call('HINCRBY', ATTEMPTS, id, 1)
  call('HSET', ERRORS, id, ARGV[at + 1])
  local events = moves.lease_events(batch, held, attempt, {now, 'failed', batch.worker, attempt, ARGV[at + 4]})
  local final = ARGV[at + 3] == '1'
  if final or attempt >= moves.attempts_allowed(blob, max_attempts) then
    local reason = final and 'final' or 'attempts'
    events[#events + 1] = {now, 'dead', false, attempt, reason}
    moves.bury(id, reason)
  else
    local pause = tonumber(ARGV[at + 2])
    -- An exponent of 1,000 is infinite, and still more than the longest pause.
    if not pause then pause = math.min(backoff_ms * 2 ^ math.min(attempt - 1, 1000), backoff_ms_max) end
    call('HINCRBY', TOTALS, 'retried', 1)
    if pause > 0 then
      call('ZADD', DELAYED, now + math.floor(pause), id)
    else
      call('RPUSH', KEYS[READY + string.byte(blob, 9)], id)
      wake()
    end
  end
  moves.tell(id, events)
end

local at = 3
for _ = 1, tonumber(ARGV[2]) do
  local token, count = ARGV[at], tonumber(ARGV[at + 1])
  at = at + 2
  local ids = {}
  for i = 1, count do ids[i] = ARGV[at + 5 * (i - 1)] end
  local held, batch = holds_of(token, ids)
  local blobs = call('HMGET', ITEMS, unpack(ids))
  local over = {}
  for i, id in ipairs(ids) do
    if held[i] then
      fail(token, batch, held[i], id, blobs[i], at + 5 * (i - 1))
      over[#over + 1] = id
    else
      refused[#refused + 1] = id
    end
  end
  if #over > 0 then let_go(token, batch, over) end
  at = at + 5 * count
end
return answer_with(refused)
