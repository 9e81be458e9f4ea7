-- Remembers which keys an account touched, so that a later label reaches them, and tells the label it has already.
-- KEYS[1] the account's keys (set), KEYS[2] the account's label (hash: label, at); same hash tag
-- ARGV 1 lifetime ms, then the keys (none: only reads)
-- returns {label, at} or {}
if #ARGV > 1 then
  redis.call('SADD', KEYS[1], unpack(ARGV, 2))
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
end
local known = redis.call('HMGET', KEYS[2], 'label', 'at')
return known[1] and known or {}
