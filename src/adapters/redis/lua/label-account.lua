-- Gives an account a label, unless it has a later one, and tells which keys it touched.
-- KEYS[1] what it counts for, KEYS[2] what is known of it (see account-entry, which goes before); same hash tag
-- ARGV 1 label, 2 time of the label ms, 3 lifetime ms
-- returns the text of what it counts for, nil where it has a later label
local at = redis_call('HGET', KEYS[2], 'at')
if at and tonumber(at) > tonumber(ARGV[2]) then return false end
redis_call('HSET', KEYS[2], 'label', ARGV[1], 'at', ARGV[2])
redis_call('PEXPIRE', KEYS[2], ARGV[3])
return account_text()
