-- Marks that the rings here are those written last, one step further.
-- KEYS[1] the mark: 'epoch/layout worker step'
-- ARGV 1 'epoch/layout worker', 2 the lowest step that it may show, 3 the step from now on, 4 lifetime ms
-- returns 1, or 0 when it is another mark or none (wiped, restored, or written by another worker), which is removed
local owner, step = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+ %S+) (%d+)$')
if owner ~= ARGV[1] or tonumber(step) < tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[4])
return 1
