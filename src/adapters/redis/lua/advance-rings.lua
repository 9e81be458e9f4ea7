-- Marks that the rings here are those written last, one step further.
-- KEYS[1] the mark: 'epoch worker step'
-- ARGV 1 the mark as it was left, 2 the mark from now on, 3 lifetime ms
-- returns 1, or 0 when it is another mark or none (wiped, restored, or written by another worker), which is removed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
