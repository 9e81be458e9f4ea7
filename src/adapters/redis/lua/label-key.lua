-- Tells one key's log that an account has a label; a later label replaces an earlier one.
-- KEYS[1] the key's log (msgpack)
-- ARGV 1 account, 2 label, 3 time of the label ms, 4 lifetime ms of a log that is not there yet
-- returns 1
local raw = redis.call('GET', KEYS[1])
local state = raw and cmsgpack.unpack(raw) or { e = {}, f = {}, s = {}, l = {} }
local known, time = state.l[ARGV[1]], tonumber(ARGV[3])
if not known or time >= known[2] then
  state.l[ARGV[1]] = { ARGV[2], time }
  if raw then redis.call('SET', KEYS[1], cmsgpack.pack(state), 'KEEPTTL')
  else redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', ARGV[4]) end
end
return 1
