-- Keeps the lease of a rebuild, when everything is still as its last step left it: no wipe, no older copy, no other.
-- KEYS[1] the lease
-- ARGV 1 what the last step wrote, 2 what this one writes, 3 lifetime ms
-- returns 1, or 0 when it is lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
