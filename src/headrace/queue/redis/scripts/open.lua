-- Keep the queue's options: those given, or, on a new queue, the defaults.
--
-- KEYS   as in prelude.lua
-- ARGV   1 and 2 are not read, 3 whether options were given ("1"), 4... names and values
-- Answer the server's time in ms

if ARGV[3] == '1' or call('EXISTS', OPTIONS) == 0 then call('HSET', OPTIONS, unpack(ARGV, 4)) end
return now
