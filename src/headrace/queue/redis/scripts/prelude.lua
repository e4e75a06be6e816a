-- Put before every script of this folder: the keys, the server's time, and the answers kept for calls.
--
-- KEYS, the same for every script, all in one hash slot (further ones are named by the script):
--   1 items      HASH id -> enqueued (ms, >d) priority (B) max_attempts (>I4, 0: the queue's)
--                           header bytes (>I4), headers, payload
--   2 attempts   HASH id -> attempts that ended badly; only of items that had one
--   3 errors     HASH id -> the last error
--   4 history    HASH id -> events that are not told by the item itself: >I4 length, msgpack, ...
--   5 delayed    ZSET id -> when due, ms            6 dead      ZSET id -> when it died, ms
--   7 reasons    HASH id -> why it is dead
--   8 leased     HASH id -> token, or "token expires_ms extended_ms extended_times"
--   9 leases     ZSET token -> when the first of the batch ends, ms
--  10 batches    HASH token -> "leased_ms expires_ms count worker"; token i -> ids (msgpack); token n -> how many
--                           were let go, unless all at once
--  11 results    HASH id -> see complete_and_lease.lua
--  12 completed  LIST of msgpack {until_ms, ids}, oldest first
--  13 totals     HASH                              14 options  HASH
--  15 fence      the last token                    16 wake     LIST of at most one element
--  17 plain      LIST that other programs fill     18 answer   what this connection's last call was told
--  19..28        ready:0 .. ready:9, LISTs of ids
--
-- ARGV, the same for every script: 1 the number of the call, counted by its connection.
--
-- Under maxmemory, Redis refuses commands that may take memory for the whole of a script or for none of it.
-- So each move makes such a write first, before it takes anything away.

local ITEMS, ATTEMPTS, ERRORS, HISTORY, DELAYED, DEAD, REASONS, LEASED, LEASES, BATCHES, RESULTS, COMPLETED,
  TOTALS, OPTIONS, FENCE, WAKE, PLAIN, ANSWER = unpack(KEYS, 1, 18)
local READY = 19 -- KEYS[READY + priority]
local ANSWER_MS = 60000 -- longer than any client goes on asking
local call = redis.call

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What this very call was answered when it came before; nil when it never did. A call that comes late, after it
-- was asked again, finds an answer too, and is not run.
local function answered()
  local kept = call('GET', ANSWER)
  if not kept then return nil end
  local number, answer = cmsgpack.unpack(kept)
  if tonumber(number) < tonumber(ARGV[1]) then return nil end
  return answer
end

local function answer_with(answer)
  -- Refused when memory is full, to a purge, which is to make room: that has to go through.
  redis.pcall('SET', ANSWER, cmsgpack.pack(ARGV[1], answer), 'PX', ANSWER_MS)
  return answer
end

local function option(name, default)
  return tonumber(call('HGET', OPTIONS, name) or default)
end

local function wake()
  if call('LLEN', WAKE) == 0 then call('RPUSH', WAKE, '1') end
end
