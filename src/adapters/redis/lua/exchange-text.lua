-- Writes a text in the place of the one that was seen there.
-- KEYS[1] the text
-- ARGV 1 what was seen, '' for none, 2 what is to be there
-- returns 1, or 0 when something else is there
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
