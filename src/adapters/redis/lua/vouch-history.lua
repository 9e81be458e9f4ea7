-- Shows that what may have been lost here was told again, when nothing happened since it was looked at.
-- KEYS[1] the mark, KEYS[2] 'server time': where it was vouched for, and since when it had been in doubt; same hash tag
-- ARGV 1 the mark as it was, 2 the server then, 3 the mark from now on, 4 since when it had been in doubt ms
-- returns 1, or 0 when another mark or another server is there by now
local server = server_id()
if redis.call('GET', KEYS[1]) ~= ARGV[1] or server ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], server .. ' ' .. ARGV[4])
return 1
