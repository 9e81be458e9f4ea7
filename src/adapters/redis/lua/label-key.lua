-- Tells one key that an account has a label; a later label replaces an earlier one. Follows small-entries, small-log and
-- key-labels: a key with a label has a log of its own.
-- KEYS[1] the key's log (see key-log.lua); its labels lie beside it with the same hash tag
-- ARGV 1 account, 2 label, 3 time of the label ms, 4 lifetime ms of a log that is not there yet
-- returns 1
local key, more, time, field = KEYS[1], KEYS[1] .. ':more', tonumber(ARGV[3]), sub(KEYS[1], 8)
local entry = open_entry(sub(key, 4, 7), field)
if entry ~= '>f' then
  redis_call('SET', key, entry and unfold_small(entry) or '0=\0\0\0\0\0', 'PX', ARGV[4])
  put_entry(field, '>f', entry, ARGV[4] + 0, time)
end
local first = byte(redis_call('GETRANGE', key, 0, 0))
local flags = first and first >= 48 and first <= 51 and first - 48
if not flags then
  flags = 0
  redis_call('SET', key, '0=\0\0\0\0\0', 'PX', ARGV[4])
end
local side_text = flags > 0 and redis_call('GET', more)
local side = side_text and cmsgpack.unpack(side_text) or { f = {}, l = {} }
if learn_label(redis_call('GET', key), side, ARGV[1], ARGV[2], time) then
  redis_call('SET', more, cmsgpack.pack(side), 'PX', redis_call('PTTL', key))
  if flags < 2 then redis_call('SETRANGE', key, 0, char(50 + flags)) end
end
return 1
