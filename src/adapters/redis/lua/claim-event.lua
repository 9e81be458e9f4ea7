-- Claims an event id, or tells who has it.
-- KEYS[1] the event (text: 'claimed HASH' or 'decided'; older ones are 'decided HASH')
-- ARGV 1 hash of the body, 2 lifetime of a claim ms
-- returns 'new', 'in_flight', 'decided' or 'mismatch'
local known = redis.call('GET', KEYS[1])
if not known then
  redis.call('SET', KEYS[1], 'claimed ' .. ARGV[1], 'PX', ARGV[2])
  return 'new'
end
if string.sub(known, 1, 7) == 'decided' then
  -- The older hash has no key: what the event said could be guessed from it.
  if known ~= 'decided' then redis.call('SET', KEYS[1], 'decided', 'KEEPTTL') end
  return 'decided'
end
local hash = string.sub(known, 9)
-- Of one that is claimed by an instance of before, whose hash has no key in front, nothing can be said but that it is.
if hash ~= ARGV[1] and string.find(hash, '.', 1, true) then return 'mismatch' end
return 'in_flight'
