-- Shows that the history is whole, when nothing happened to it since the last step of its rebuild.
-- KEYS[1] the lease, KEYS[2] the mark, KEYS[3] 'server time': where it is vouched for, and since when it had been in doubt; same hash tag
-- ARGV 1 what the last step wrote, 2 the mark, 3 now ms
-- returns 1, or 0 when the lease is lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SET', KEYS[3], server_id() .. ' ' .. ARGV[3])
redis.call('DEL', KEYS[1])
return 1
