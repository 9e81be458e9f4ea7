-- Shows that the rings here have been written anew, unless what was written is lost again.
-- KEYS[1] what the rewriting left when it began, KEYS[2] the mark: 'epoch/layout worker step'
-- ARGV 1 what it left, 2 the mark, 3 lifetime ms
-- returns 1, or 0 when it is not there
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
