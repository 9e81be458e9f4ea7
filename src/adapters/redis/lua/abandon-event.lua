-- Gives a claim back; what was decided stays.
-- KEYS[1] the event (text: 'claimed HASH' or 'decided HASH')
-- ARGV none
-- returns 1 when a claim was given back
local known = redis.call('GET', KEYS[1])
if known and string.sub(known, 1, 7) == 'claimed' then return redis.call('DEL', KEYS[1]) end
return 0
