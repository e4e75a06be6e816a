-- Take stuck values of a RedisWQ queue over: those in its processing list without a live lease key.
--
-- KEYS   as in prelude.lua, then the processing list, then one lease key for each value
-- ARGV   1 number of the call, 2... the values, each once
-- Answer {how many were taken over, how many are still leased}

local before = answered()
if before then return before end

local PROCESSING = KEYS[READY + 10]
local make_items = rare().make_items
local taken, leased = 0, 0
local listed = {}
for _, value in ipairs(call('LRANGE', PROCESSING, 0, -1)) do listed[value] = (listed[value] or 0) + 1 end
for i = 2, #ARGV do
  local value = ARGV[i]
  local count = listed[value] or 0
  if count > 0 then
    if call('EXISTS', KEYS[READY + 10 + i - 1]) == 1 then
      leased = leased + count
    else
      while count > 0 do
        local copies = {}
        for n = 1, math.min(count, 1000) do copies[n] = value end
        make_items(copies)
        call('LREM', PROCESSING, #copies, value)
        taken = taken + #copies
        count = count - #copies
      end
    end
  end
end
return answer_with({taken, leased})
