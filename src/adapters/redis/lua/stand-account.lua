-- An account goes out or comes back, unless something later is known of it, and what it has counted for is told.
-- KEYS[1] what is known of the account (hash: label, at, standing, since, was_out), KEYS[2] what it has counted for (text, see
--      touch-account); same hash tag
-- ARGV 1 out or good, 2 time of that ms, 3 lifetime ms
-- returns {what it has counted for, standing, since, was out ('1' or ''), ms that the text is kept for}
local since = redis.call('HGET', KEYS[1], 'since')
if not since or tonumber(since) <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'standing', ARGV[1], 'since', ARGV[2])
end
if ARGV[1] == 'out' then redis.call('HSET', KEYS[1], 'was_out', '1') end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'standing', 'since', 'was_out')
return { redis.call('GET', KEYS[2]) or '', known[1], known[2], known[3] or '', redis.call('PTTL', KEYS[2]) }
