-- Let leases end lease_ms from now.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 lease_ms, 3 number of groups; then for each group: token, how many, ids
-- Answer refused ids

local before = answered()
if before then return before end

local extension = rare().extension
local ends = now + tonumber(ARGV[2])
local refused = {}
local at = 4
for _ = 1, tonumber(ARGV[3]) do
  local token, count = ARGV[at], tonumber(ARGV[at + 1])
  local ids = {}
  for i = 1, count do ids[i] = ARGV[at + 1 + i] end
  local fields = {}
  local held, batch = holds_of(token, ids)
  for i, id in ipairs(ids) do
    if held[i] then
      local _, _, times = extension(held[i])
      fields[#fields + 1] = id
      fields[#fields + 1] = string.format('%s %d %d %d', token, ends, now, (times or 0) + 1)
    else
      refused[#refused + 1] = id
    end
  end
  if #fields > 0 then
    call('HSET', LEASED, unpack(fields))
    if #fields / 2 == batch.count - (call('HGET', BATCHES, token .. 'n') or 0) then
      call('ZADD', LEASES, ends, token)
    else
      -- The others of the batch end when they did; the batch is looked at when the first of them ends.
      call('ZADD', LEASES, 'LT', ends, token)
    end
  end
  at = at + 2 + count
end
return answer_with(refused)
