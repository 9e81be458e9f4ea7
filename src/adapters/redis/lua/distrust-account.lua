-- An account was out: it is nobody's reason to trust, now and later.
-- KEYS[1] w:{KEY}:FEATURE (see observe-bursts); beside it lies the set of such accounts, with the same hash tag
-- ARGV 1 account, 2 lifetime ms of what is not there yet
-- returns 1
local EVENT = 16
local key, gone = KEYS[1], KEYS[1] .. ':x'
local known, kept = redis.call('GET', key) or '', {}
for from = 1, #known, EVENT do
  if string.sub(known, from + 6, from + 15) ~= ARGV[1] then kept[#kept + 1] = string.sub(known, from, from + EVENT - 1) end
end
if #kept * EVENT < #known then redis.call('SET', key, table.concat(kept), 'KEEPTTL') end
redis.call('SADD', gone, ARGV[1])
if redis.call('PTTL', gone) < tonumber(ARGV[2]) then redis.call('PEXPIRE', gone, ARGV[2]) end
return 1
