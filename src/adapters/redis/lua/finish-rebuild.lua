-- Shows that the history is whole, when nothing happened to it since the last step of its rebuild.
-- KEYS[1] the lease, KEYS[2] the mark; same hash tag
-- ARGV 1 what the last step wrote, 2 the mark
-- returns 1, or 0 when the lease is lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 1
