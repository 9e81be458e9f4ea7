-- Gives an account a label, unless it has a later one, and tells which keys it touched.
-- KEYS[1] the account's keys (set), KEYS[2] the account's label (hash: label, at); same hash tag
-- ARGV 1 label, 2 time of the label ms, 3 lifetime ms
-- returns the keys
local at = redis.call('HGET', KEYS[2], 'at')
if at and tonumber(at) > tonumber(ARGV[2]) then return {} end
redis.call('HSET', KEYS[2], 'label', ARGV[1], 'at', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return redis.call('SMEMBERS', KEYS[1])
