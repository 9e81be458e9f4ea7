-- Tells one key that an account has a label; a later label replaces an earlier one.
-- KEYS[1] the key's log (see key-log.lua); its labels lie beside it with the same hash tag
-- ARGV 1 account, 2 label, 3 time of the label ms, 4 lifetime ms of a log that is not there yet
-- returns 1
local key, more, time = KEYS[1], KEYS[1] .. ':more', tonumber(ARGV[3])
local first = string.byte(redis.call('GETRANGE', key, 0, 0))
local flags = first and first >= 48 and first <= 51 and first - 48
if not flags then
  flags = 0
  redis.call('SET', key, '0=\0\0\0\0\0', 'PX', ARGV[4])
end
local raw = flags > 0 and redis.call('GET', more)
local side = raw and cmsgpack.unpack(raw) or { f = {}, l = {} }
local known = side.l[ARGV[1]]
if not known or time >= known[2] then
  side.l[ARGV[1]] = { ARGV[2], time }
  redis.call('SET', more, cmsgpack.pack(side), 'PX', redis.call('PTTL', key))
  if flags < 2 then redis.call('SETRANGE', key, 0, string.char(50 + flags)) end
end
return 1
