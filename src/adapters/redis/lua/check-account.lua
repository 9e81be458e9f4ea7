-- Reads an account's access and, when it is limited, counts this request against today's quota. One that has not been confirmed for
-- too long is not there: the truth is asked, and then this request comes once more.
-- KEYS[1] the account (hash: v version, s state, q requests a day, at refreshed ms, e epoch), KEYS[2] today's requests; same hash tag
-- ARGV 1 lifetime of today's counter ms, 2 epoch: what was written under another is not there,
--      3 the time since when it has to have been refreshed ms
-- returns {version, state, quota or '', used today} or {}
local known = redis.call('HMGET', KEYS[1], 'v', 's', 'q', 'at', 'e')
if not known[1] or (known[5] or '') ~= ARGV[2] then return {} end
if tonumber(known[4] or '0') < tonumber(ARGV[3]) then return {} end
local used = 0
if known[2] == 'limited' then
  used = redis.call('INCR', KEYS[2])
  if used == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
end
return { known[1], known[2], known[3] or '', used }
