-- Counts one event on its keys of bursts and of trusted accounts, and reads them; follows bucket-sums and burst-record.
-- KEYS any number of b:{KEY}:FEATURE, b:{totals}:FEATURE and w:{KEY}:FEATURE; beside them, with the same hash tag, lie
--      b:{KEY}:x (see burst-record), b:{KEY}:FEATURE:gone (set of events that left the log), b:{totals}:new and :old (sets of
--      events that are in the totals) and w:{KEY}:FEATURE:x (set of accounts that were out)
-- ARGV 1 write (1 or 0), 2 event, 3 account (10 characters each), 4 event time ms, 5 the account's first event ms, 6 log
--      length, 7 slack; then three for each key: what it is (k a key of a burst, t totals, w trusted accounts) and counts
--      (1 or 0), window or age ms, baseline ms or exact to
-- returns one text, key by key between blanks: of k and t the events of the window and of the baseline, of w the accounts;
--      '?' not to be had
--
-- Trusted accounts: a text of {first event (6 bytes), account (10)}.
local GONE, GONE_MS, DAY, TRUST_MS, SMALL, PARTS_KEPT = 10000, 3600000, 86400000, 7776000000, 512, 48
local write, event, account, at, since = ARGV[1] == '1', ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local LOG, SLACK = tonumber(ARGV[6]), tonumber(ARGV[7])
local answer = {}
-- The key at hand.
local key, counts, window, baseline, part_ms, bucket_ms

local function time_of(index)
  return (unpack_at('>I6', raw, events_at + EVENT * index - 15))
end

-- How many of the logged events are not after `time`.
local function until_time(time)
  if events == 0 or time_of(events) <= time then return events end
  local low, high = 0, events
  while low < high do
    local middle = floor((low + high) / 2)
    if time_of(middle + 1) <= time then low = middle + 1 else high = middle end
  end
  return low
end

local function is_logged()
  local found = find(raw, event, events_at + 1, true)
  while found and (found - events_at - 1) % EVENT ~= 6 do found = find(raw, event, found + 1, true) end
  return found or (parts > 0 and redis_call('SISMEMBER', key .. ':gone', event) == 1)
end

-- In all totals or in none: they are told of every event together.
local in_totals
local function is_in_totals()
  if in_totals == nil then
    in_totals = redis_call('SISMEMBER', 'b:{totals}:new', event) + redis_call('SISMEMBER', 'b:{totals}:old', event) > 0
  end
  return in_totals
end

local function window_sum()
  local from = (at - window) / part_ms
  local edge = floor(from)
  local inside = between(raw, HEAD, parts, edge + 1, floor(at / part_ms) + 1)
  return inside + between(raw, HEAD, parts, edge, edge + 1) * (edge + 1 - from)
end

local function baseline_sum()
  if buckets == 0 then return 0 end
  local finish = floor((at - window) / bucket_ms)
  return between(raw, buckets_at, buckets, floor((at - window - baseline) / bucket_ms), finish)
end

-- An event of an account that is out goes no further, and is remembered for its return.
local function amount_of(bucket)
  if flags == 0 then return 1 end
  local x, feature = sub(key, 1, -7) .. 'x', sub(key, -6)
  local told = redis_call('HGET', x, account)
  if not told or sub(told, 1, 1) ~= 'o' then return 1 end
  -- It was taken out before it came.
  if find(told, event .. feature, 15, true) then return 1 end
  redis_call('HSET', x, account, told .. event .. feature .. format('%010x', bucket))
  return 0
end

local function save(part_text, bucket_text, log)
  local kept = ceil((window + baseline + DAY) / bucket_ms) + 1
  local text = close_record(trimmed(part_text, PARTS_KEPT), trimmed(bucket_text, kept), log)
  redis_call('SET', key, text, 'PX', ceil(window + baseline + DAY + bucket_ms))
end

local function fold(log, part_text)
  local gone = {}
  for index = 1, #log / EVENT - LOG do
    local time, from = unpack_at('>I6', log, EVENT * index - 15)
    part_text = added(part_text, floor(time / part_ms), 1)
    folded = max(folded, time)
    gone[index] = sub(log, from, from + 9)
  end
  redis_call('SADD', key .. ':gone', unpack(gone))
  local extra = redis_call('SCARD', key .. ':gone') - GONE
  if extra > 0 then redis_call('SPOP', key .. ':gone', extra) end
  redis_call('PEXPIRE', key .. ':gone', GONE_MS)
  return sub(log, #log - EVENT * LOG + 1), part_text
end

local function is_newest(from, n, bucket)
  return n > 0 and number_of(raw, from, n) == bucket
end

local function raise(from, n)
  redis_call('SETRANGE', key, from + STEP * n - 4, pack('>i4', sum_of(raw, from, n) + 1))
end

local function count_event()
  local bucket, record = floor(at / bucket_ms), pack('>I6', at) .. event
  local amount, before = amount_of(bucket), until_time(at)
  if amount == 1 and before == events and #raw > SMALL and events < LOG + SLACK and is_newest(buckets_at, buckets, bucket) then
    raise(buckets_at, buckets)
    redis_call('APPEND', key, record)
    return
  end
  local middle = events_at + EVENT * before
  local log, part_text = sub(raw, events_at + 1, middle) .. record .. sub(raw, middle + 1), part_sums()
  if events >= LOG + SLACK then log, part_text = fold(log, part_text) end
  save(part_text, added(bucket_sums(), bucket, amount), log)
end

local function count_total()
  local bucket, part = floor(at / bucket_ms), floor(at / part_ms)
  local amount = amount_of(bucket)
  if amount == 1 and is_newest(HEAD, parts, part) and is_newest(buckets_at, buckets, bucket) then
    raise(HEAD, parts)
    raise(buckets_at, buckets)
    return
  end
  save(added(part_sums(), part, 1), added(bucket_sums(), bucket, amount), '')
end

local function say(first, second)
  answer[#answer + 1] = format('%.17g', first)
  if second then answer[#answer + 1] = format('%.17g', second) end
end

local kinds = {}

function kinds.k(text)
  part_ms, bucket_ms = window / PARTS, max(window / 4, baseline / 64)
  open_record(text)
  local from = at - window
  local own = counts and not is_logged()
  local n = until_time(at) - until_time(from) + (own and 1 or 0)
  if parts > 0 and folded > from then n = floor(n + window_sum()) end
  say(n, baseline_sum())
  if own and write then count_event() end
end

function kinds.t(text)
  part_ms, bucket_ms = window / PARTS, max(window / 4, baseline / 64)
  open_record(text)
  local own = counts and not is_in_totals()
  local is_kept = parts == 0 or floor(at / part_ms) >= number_of(raw, HEAD, parts) - (PARTS_KEPT - PARTS)
  say(window_sum() + (own and 1 or 0), is_kept and baseline_sum() or 0)
  if own and write then count_total() end
end

local function is_youngest(a, b)
  if a.since ~= b.since then return a.since > b.since end
  return a.account > b.account
end

function kinds.w(text)
  local known, age, most, own = text or '', window, baseline, counts
  if own and redis_call('SISMEMBER', key .. ':x', account) == 1 then own = false end
  local found, youngest, mine = 0, nil, nil
  for from = 1, #known, EVENT do
    local one = { from = from, since = unpack_at('>I6', known, from), account = sub(known, from + 6, from + 15) }
    if own and one.account == account then mine = one
    elseif one.since <= at - age then found = found + 1 end
    if not youngest or is_youngest(one, youngest) then youngest = one end
  end
  local first = mine and min(mine.since, since) or since
  if own and first <= at - age then found = found + 1 end
  say(min(found, most))
  if not own or not write then return end
  local record = pack('>I6', first) .. account
  if mine then known = sub(known, 1, mine.from - 1) .. record .. sub(known, mine.from + EVENT)
  elseif #known < EVENT * most then known = known .. record
  elseif is_youngest(youngest, { since = first, account = account }) then
    known = sub(known, 1, youngest.from - 1) .. record .. sub(known, youngest.from + EVENT)
  end
  redis_call('SET', key, known, 'PX', age + TRUST_MS + DAY)
end

local counted = false
for n = 1, #KEYS do
  local of = ARGV[5 + 3 * n]
  local kind = sub(of, 1, 1)
  key, counts, window, baseline = KEYS[n], sub(of, 2) == '1', tonumber(ARGV[6 + 3 * n]), tonumber(ARGV[7 + 3 * n])
  local text = redis.pcall('GET', key)
  if type(text) == 'table' then
    answer[#answer + 1] = kind == 'w' and '?' or '? ?'
  else
    kinds[kind](text)
    counted = counted or kind == 't' and counts
  end
end
if counted and write and not is_in_totals() then
  if redis_call('SCARD', 'b:{totals}:new') >= GONE then
    redis_call('UNLINK', 'b:{totals}:old')
    redis_call('RENAME', 'b:{totals}:new', 'b:{totals}:old')
  end
  redis_call('SADD', 'b:{totals}:new', event)
end
return concat(answer, ' ')
