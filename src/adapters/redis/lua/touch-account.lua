-- Remembers what an account counts for, so that a later label or standing reaches it, and tells what is known of the account.
-- KEYS[1] keys that its label has to reach (set), KEYS[2] what is known of it (hash: label, at, standing, since, was_out),
--      KEYS[3] what it has counted for: a text of 'e' event (10 characters) {KEY (10) FEATURE (6) bucket (10)} ';' for each event
--      and 'w' KEY FEATURE ';' for each key that may trust it; same hash tag
-- ARGV 1 event, 2 lifetime ms of the labelled keys, 3 lifetime ms of the rest, 4 what the event counts for ('' nothing, or it
--      only reads), 5 how many of the following may trust the account, those, then the labelled keys
-- returns {label, at, standing, since, was out}, false where nothing is known
local MOST = 8192
local event, trusts = ARGV[1], tonumber(ARGV[5])

local function remember(counted)
  local known = redis.call('GET', KEYS[3]) or ''
  local text = known
  if counted ~= '' and not string.find(known, event, 1, true) then text = text .. counted end
  for i = 6, 5 + trusts do
    if not string.find(text, ARGV[i], 1, true) then text = text .. ARGV[i] end
  end
  if #text > MOST then text = string.sub(text, string.find(text, ';', #text - MOST, true) + 1) end
  if text ~= known then
    local left = redis.call('PTTL', KEYS[3])
    redis.call('SET', KEYS[3], text, 'PX', math.max(left, tonumber(ARGV[3])))
  end
end

if ARGV[4] ~= '' or trusts > 0 then remember(ARGV[4]) end
if #ARGV > 5 + trusts then
  redis.call('SADD', KEYS[1], unpack(ARGV, 6 + trusts))
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
end
return redis.call('HMGET', KEYS[2], 'label', 'at', 'standing', 'since', 'was_out')
