-- Looks whether the velocity history here is the one that was counted last; may mark that it was seen.
-- KEYS[1] the mark: 'epoch time', KEYS[2] 'server time': where it was vouched for, and since when it had been in doubt; same hash tag
-- ARGV 1 epoch, 2 the time that the mark has shown at least ms, 3 the oldest time that is worth mending ms, 4 now ms,
--      5 the latest time that a clock can have shown ms, 6 1 to mark that it was seen
-- returns {state, the time the mark has now, server, since when this server had been in doubt}; state is 'missing' (no mark, or another installation's), 'restored' (an older
--   copy), 'behind' (its last seconds may be lost: it shows an earlier time than it did, or another server answers), 'whole'
local server = server_id()
local vouched, since = string.match(redis.call('GET', KEYS[2]) or '', '^(%w+) (%d+)$')
if vouched ~= server then since = '0' end
local epoch, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%d+)$')
if epoch ~= ARGV[1] then return { 'missing', '0', server, since } end
if tonumber(at) < tonumber(ARGV[3]) then return { 'restored', at, server, since } end
if tonumber(at) < tonumber(ARGV[2]) or vouched ~= server then return { 'behind', at, server, since } end
if ARGV[6] ~= '1' or tonumber(at) >= tonumber(ARGV[4]) and tonumber(at) <= tonumber(ARGV[5]) then
  return { 'whole', at, server, since }
end
redis.call('SET', KEYS[1], epoch .. ' ' .. ARGV[4])
return { 'whole', ARGV[4], server, since }
