-- An account goes out or comes back, unless something later is known of it, and what it has counted for is told.
-- KEYS[1] what it counts for, KEYS[2] what is known of it (see account-entry, which goes before); same hash tag
-- ARGV 1 out or good, 2 time of that ms, 3 lifetime ms
-- returns {what it has counted for, standing, since, was out ('1' or ''), ms that the text is kept for}
local since = redis_call('HGET', KEYS[2], 'since')
if not since or tonumber(since) <= tonumber(ARGV[2]) then
  redis_call('HSET', KEYS[2], 'standing', ARGV[1], 'since', ARGV[2])
end
if ARGV[1] == 'out' then redis_call('HSET', KEYS[2], 'was_out', '1') end
redis_call('PEXPIRE', KEYS[2], ARGV[3])
local known = redis_call('HMGET', KEYS[2], 'standing', 'since', 'was_out')
local text = account_text()
local kept = entry and entry ~= '>a' and ceil(life_of(entry)) or redis_call('PTTL', KEYS[1])
return { text, known[1], known[2], known[3] or '', kept }
