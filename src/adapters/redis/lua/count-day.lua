-- Counts one more of today.
-- KEYS[1] today's counter
-- ARGV 1 its lifetime ms
-- returns how many there are now
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return used
