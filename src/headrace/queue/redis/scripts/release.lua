-- Give items back unharmed: to the front, and the attempt does not count.
--
-- KEYS   as in prelude.lua
-- ARGV   1 number of the call, 2 number of groups; then for each group: token, how many, ids
-- Answer refused ids

local before = answered()
if before then return before end

local moves = rare()
local refused = {}
local at = 3
for _ = 1, tonumber(ARGV[2]) do
  local token, count = ARGV[at], tonumber(ARGV[at + 1])
  local ids = {}
  for i = 1, count do ids[i] = ARGV[at + 1 + i] end
  local back = {}
  local held, batch = holds_of(token, ids)
  for i, id in ipairs(ids) do
    if held[i] then
      back[#back + 1] = id
      local attempt = 1 + (call('HGET', ATTEMPTS, id) or 0)
      moves.tell(id, moves.lease_events(batch, held[i], attempt, {now, 'released', batch.worker, attempt, false}))
    else
      refused[#refused + 1] = id
    end
  end
  if #back > 0 then
    moves.give_back(back, call('HMGET', ITEMS, unpack(back)))
    let_go(token, batch, back)
  end
  at = at + 2 + count
end
return answer_with(refused)
