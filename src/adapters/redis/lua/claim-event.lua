-- Claims an event id, or tells who has it.
-- KEYS[1] the event (text: 'claimed HASH' or 'decided HASH')
-- ARGV 1 hash of the body, 2 lifetime of a claim ms
-- returns 'new', 'in_flight', 'decided' or 'mismatch'
local known = redis.call('GET', KEYS[1])
if not known then
  redis.call('SET', KEYS[1], 'claimed ' .. ARGV[1], 'PX', ARGV[2])
  return 'new'
end
if string.sub(known, 9) ~= ARGV[1] then return 'mismatch' end
return string.sub(known, 1, 7) == 'decided' and 'decided' or 'in_flight'
