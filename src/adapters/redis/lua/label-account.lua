-- Gives an account a label, unless it has a later one, and tells which keys it touched.
-- KEYS[1] what it counts for, KEYS[2] what is known of it (see touch-account); same hash tag
-- ARGV 1 label, 2 time of the label ms, 3 lifetime ms
-- returns the text of what it counts for, '' where it has a later label
local at = redis.call('HGET', KEYS[2], 'at')
if at and tonumber(at) > tonumber(ARGV[2]) then return '' end
redis.call('HSET', KEYS[2], 'label', ARGV[1], 'at', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return redis.call('GET', KEYS[1]) or ''
