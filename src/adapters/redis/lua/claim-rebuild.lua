-- Takes the right to rebuild the history, unless somebody has it, or has just finished: who saw the mark missing before that
-- would clear what was rebuilt, under a mark that says it is whole.
-- KEYS[1] the lease, KEYS[2] the mark; same hash tag
-- ARGV 1 epoch, 2 what the first step writes, 3 lifetime ms
-- returns 1, or 0 when there is nothing to take
local epoch = string.match(redis.call('GET', KEYS[2]) or '', '^(%S+) %d+$')
if epoch == ARGV[1] then return 0 end
if redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3], 'NX') then return 1 end
return 0
