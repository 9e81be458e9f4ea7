-- Writes an account's access unless a newer version is there; the same version is refreshed. What was written under another
-- epoch is of no worth, whatever its version: the truth was set back since, or is another one.
-- KEYS[1] the account (hash: v version, s state, q requests a day, at refreshed ms, e epoch)
-- ARGV 1 version, 2 state, 3 requests a day or '', 4 now ms, 5 lifetime ms, 6 epoch
-- returns 0 when it was written, else the newer version; an error when Redis is full, and then what was older is gone:
--   nobody believes it
local known = redis.call('HMGET', KEYS[1], 'v', 'e')
local version = (known[2] or '') == ARGV[6] and known[1]
if version and tonumber(version) > tonumber(ARGV[1]) then return tonumber(version) end
local written = redis.pcall('HSET', KEYS[1], 'v', ARGV[1], 's', ARGV[2], 'q', ARGV[3], 'at', ARGV[4], 'e', ARGV[6])
if type(written) == 'table' and written.err then
  -- A full Redis takes no HSET, and still takes a DEL.
  if known[1] and version ~= ARGV[1] then redis.call('DEL', KEYS[1]) end
  return written
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 0
