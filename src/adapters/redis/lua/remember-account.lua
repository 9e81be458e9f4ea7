-- Adds what one event said to an account's memory; each part keeps its own time, the later one wins.
-- KEYS[1] the account (hash)
-- ARGV 1 event time ms, 2 lifetime ms, then in threes: field, rule, value
--   rule 'later': value is sealed text, kept as 'time value' unless a later one is there; 'time#n value' where other fields
--                 of the rule have the same time already: the largest n came last
--   rule 'first': the same, unless an earlier one is there
--   rule 'min':   value is a time, the smallest stays
-- returns 1
local at = tonumber(ARGV[1])

-- Fields of the rule 'later' are 'p' and a number.
local function place_among_equals(field)
  local most
  for _, other in ipairs(redis.call('HKEYS', KEYS[1])) do
    if other ~= field and string.match(other, '^p%d+$') then
      local time, place = string.match(redis.call('HGET', KEYS[1], other), '^(-?[%d.]+)#?(%d*)')
      if tonumber(time) == at then most = math.max(most or 0, tonumber(place) or 0) end
    end
  end
  return most and '#' .. (most + 1) or ''
end

for i = 3, #ARGV, 3 do
  local field, rule, value = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known = redis.call('HGET', KEYS[1], field)
  local known_at = known and tonumber(string.match(known, '^-?[%d.]+'))
  if rule == 'min' then
    if not known or known_at > tonumber(value) then redis.call('HSET', KEYS[1], field, value) end
  elseif rule == 'later' then
    if not known or at >= known_at then
      redis.call('HSET', KEYS[1], field, ARGV[1] .. place_among_equals(field) .. ' ' .. value)
    end
  elseif not known or at < known_at then
    redis.call('HSET', KEYS[1], field, ARGV[1] .. ' ' .. value)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
