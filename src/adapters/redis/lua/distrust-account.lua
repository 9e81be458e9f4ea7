-- An account was out: it is nobody's reason to trust, now and later. Follows small-entries.
-- KEYS[1] w2:KEY:FEATURE (see observe-bursts); beside it lies the set of the latest such accounts, with the
-- same hash tag
-- ARGV 1 account, 2 lifetime ms of what is not there yet, 3 time ms
-- returns 1
-- Whoever was out is known as that by itself (see account-entry); the set is for what is told at the same time as its events.
local EVENT, MOST_OUT = 14, 1000
local key, gone, lifetime = KEYS[1], KEYS[1] .. ':x', tonumber(ARGV[2])
local field = sub(key, 8, 15) .. sub(key, 17)
local entry = open_entry(sub(key, 4, 7), field)
local known, kept = entry == '>w' and redis_call('GET', key) or entry and entry ~= '>w' and sub(entry, 8) or '', {}
for from = 1, #known, EVENT do
  if sub(known, from + 6, from + 13) ~= ARGV[1] then kept[#kept + 1] = sub(known, from, from + EVENT - 1) end
end
if entry ~= '>w' then
  -- Only a key of its own is looked up in that set.
  local lasts = max(entry and ceil(life_of(entry)) or 0, lifetime)
  redis_call('SET', key, concat(kept), 'PX', lasts)
  put_entry(field, '>w', entry, lasts, tonumber(ARGV[3]))
elseif #kept * EVENT < #known then redis_call('SET', key, concat(kept), 'KEEPTTL') end
if redis_call('SADD', gone, ARGV[1]) == 1 and redis_call('SCARD', gone) > MOST_OUT then
  -- Never the one that was just told.
  local other = redis_call('SRANDMEMBER', gone, 2)
  redis_call('SREM', gone, other[1] == ARGV[1] and other[2] or other[1])
end
if redis_call('PTTL', gone) < lifetime then redis_call('PEXPIRE', gone, lifetime) end
return 1
