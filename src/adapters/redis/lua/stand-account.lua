-- An account goes out or comes back, unless something later is known of it, and what it has counted for is told.
-- KEYS[1] what it counts for, KEYS[2] what is known of it (see touch-account); same hash tag
-- ARGV 1 out or good, 2 time of that ms, 3 lifetime ms
-- returns {what it has counted for, standing, since, was out ('1' or ''), ms that the text is kept for}
local since = redis.call('HGET', KEYS[2], 'since')
if not since or tonumber(since) <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[2], 'standing', ARGV[1], 'since', ARGV[2])
end
if ARGV[1] == 'out' then redis.call('HSET', KEYS[2], 'was_out', '1') end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local known = redis.call('HMGET', KEYS[2], 'standing', 'since', 'was_out')
return { redis.call('GET', KEYS[1]) or '', known[1], known[2], known[3] or '', redis.call('PTTL', KEYS[1]) }
