-- Shows that the history here is whole, on this server.
-- KEYS[1] the mark, KEYS[2] 'server time': where it was vouched for, and since when it had been in doubt; same hash tag
-- ARGV 1 the mark, 2 now ms
-- returns 1
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], server_id() .. ' ' .. ARGV[2])
return 1
