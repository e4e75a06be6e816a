-- Keep the queue's options: those given, or, on a new queue, the defaults.
--
-- KEYS   as in prelude.lua
-- ARGV   1 is not read, 2 whether options were given ("1"), 3... names and values
-- Answer the server's time in ms

if ARGV[2] == '1' or call('EXISTS', OPTIONS) == 0 then call('HSET', OPTIONS, unpack(ARGV, 3)) end
return now
