-- Reads an account's access and, when it is limited, counts this request against today's quota.
-- KEYS[1] the account (hash: v version, s state, q requests a day, at refreshed ms, e epoch), KEYS[2] today's requests; same hash tag
-- ARGV 1 lifetime of today's counter ms, 2 epoch: what was written under another is not there
-- returns {version, state, quota or '', refreshed, used today} or {}
local known = redis.call('HMGET', KEYS[1], 'v', 's', 'q', 'at', 'e')
if not known[1] or (known[5] or '') ~= ARGV[2] then return {} end
local used = 0
if known[2] == 'limited' then
  used = redis.call('INCR', KEYS[2])
  if used == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[1]) end
end
return { known[1], known[2], known[3] or '', known[4] or '0', used }
