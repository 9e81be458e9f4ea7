-- Makes the mark show an earlier time, as if what came after it had been lost.
-- KEYS[1] the mark: 'epoch time'
-- ARGV 1 by how much ms
-- returns 1, or 0 where there is no mark
local epoch, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%d+)$')
if not epoch then return 0 end
redis.call('SET', KEYS[1], string.format('%s %.0f', epoch, math.max(0, tonumber(at) - tonumber(ARGV[1]))))
return 1
