-- Writes an account's access unless a newer version is there; the same version is refreshed.
-- KEYS[1] the account (hash: v version, s state, q requests a day, at refreshed ms)
-- ARGV 1 version, 2 state, 3 requests a day or '', 4 now ms, 5 lifetime ms
-- returns 1 when it was written; an error when Redis is full, and then an older version is gone: nobody believes it
local known = redis.call('HGET', KEYS[1], 'v')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
local written = redis.pcall('HSET', KEYS[1], 'v', ARGV[1], 's', ARGV[2], 'q', ARGV[3], 'at', ARGV[4])
if type(written) == 'table' and written.err then
  -- A full Redis takes no HSET, and still takes a DEL.
  if known and known ~= ARGV[1] then redis.call('DEL', KEYS[1]) end
  return written
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
