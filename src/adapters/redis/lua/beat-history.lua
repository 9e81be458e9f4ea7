-- Looks whether the velocity history here is the one that was counted last, and if so marks that it was seen.
-- KEYS[1] the mark: 'epoch time'
-- ARGV 1 epoch, 2 the oldest time that is not an older copy ms, 3 now ms, 4 the latest time that a clock can have shown ms
-- returns 'missing' (no mark, or another installation's), 'restored' (an older copy), or the time the mark has now
local mark = redis.call('GET', KEYS[1])
local epoch, at = string.match(mark or '', '^(%S+) (%d+)$')
if epoch ~= ARGV[1] then return 'missing' end
if tonumber(at) < tonumber(ARGV[2]) then return 'restored' end
if tonumber(at) >= tonumber(ARGV[3]) and tonumber(at) <= tonumber(ARGV[4]) then return at end
redis.call('SET', KEYS[1], epoch .. ' ' .. ARGV[3])
return ARGV[3]
