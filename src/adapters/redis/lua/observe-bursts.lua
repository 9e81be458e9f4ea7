-- Counts one event on its keys of bursts and of trusted accounts, and reads them. In three files that follow bucket-sums and
-- small-entries, bucket-sums and burst-record: observe-bursts (one key), observe-totals and observe-baselines (trusted accounts, and the way through).
-- KEYS any number of b2:KEY:FEATURE, b2:{totals}:GROUP and w2:KEY:FEATURE (KEY: {TT}RRRRRRRR); beside them, with the same hash
--      tag, lie b2:KEY:x and b2:{totals}:groups (see burst-record), b2:KEY:FEATURE:gone (set of events that left the log),
--      b2:{totals}:new and :old (sets of events that are in the totals), w2:KEY:FEATURE:x (set of accounts that were out)
-- ARGV 1 write (1 or 0), 2 event, 3 account (8 characters each), 4 event time ms, 5 the account's first event ms, 6 log
--      length, 7 slack; then three for each key: what it is and whether it counts (1 or 0), window or age ms, baseline ms or
--      exact to. It is k1 or k0 (a key of a burst) or w1 or w0 (trusted accounts; w2 for an account that is known never to
--      have been out), then a lifetime (see small-entries); or t (totals) followed by FEATURE and 1 or 0 for each of their bursts
-- returns one text, key by key between blanks: of k, and of each burst of t, the events of the window and of the baseline; of
--      k then those since the baseline ends and how many of them are of accounts that are out (0 and 0 where none are); of w
--      the accounts, with '!' behind it where the account has not got the place of a younger one yet, which takes w2; '?' for
--      each number that was not to be had
--
-- Trusted accounts: a text of {first event (6 bytes), account (8)}.
local GONE, GONE_MS, DAY, TRUST_MS, SMALL, PARTS_KEPT, OLD = 10000, 3600000, 86400000, 7776000000, 512, 48, 16
local write, event, account, at, since = ARGV[1] == '1', ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local LOG, SLACK = tonumber(ARGV[6]), tonumber(ARGV[7])
local answer, n_answers = {}, 0
-- The key at hand, and where it lies: its value in the hash, false when nowhere.
local entry, field
local key, counts, window, baseline, part_ms, bucket_ms, events

local function say(number)
  n_answers = n_answers + 1
  answer[n_answers] = number % 1 == 0 and number or format('%.17g', number)
end

local function time_of(index)
  return (unpack_at('>I6', raw, events_at + EVENT * index - 13))
end

-- How many of the logged events are not after `time`.
local function until_time(time)
  if events == 0 or time_of(events) <= time then return events end
  if time_of(1) > time then return 0 end
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

-- 0 for an event of an account that is out: it goes no further, and is remembered for the account's return.
local function amount_of(x, feature, bucket)
  if flags % 2 == 0 then return 1 end
  local told = redis_call('HGET', x, account)
  if not told or sub(told, 1, 1) ~= 'o' then return 1 end
  -- It was taken out before it came.
  if find(told, event .. feature, 15, true) then return 1 end
  redis_call('HSET', x, account, told .. event .. feature .. format('%08x', bucket))
  return 0
end

local function lifetime()
  return ceil(window + baseline + DAY + bucket_ms)
end

local function save(names, part_text, bucket_text, log)
  local kept = ceil((window + baseline + DAY) / bucket_ms) + 1
  local text = close_record(names, trimmed(part_text, columns, PARTS_KEPT), trimmed(bucket_text, columns, kept), log)
  redis_call('SET', key, text, 'PX', lifetime())
end

local function fold(log, part_text)
  local gone = {}
  for index = 1, #log / EVENT - LOG do
    local time, from = unpack_at('>I6', log, EVENT * index - 13)
    part_text = added(part_text, 1, floor(time / part_ms), { 1 })
    folded = max(folded, time)
    gone[index] = sub(log, from, from + 7)
  end
  redis_call('SADD', key .. ':gone', unpack(gone))
  local extra = redis_call('SCARD', key .. ':gone') - GONE
  if extra > 0 then redis_call('SPOP', key .. ':gone', extra) end
  redis_call('PEXPIRE', key .. ':gone', GONE_MS)
  return sub(log, #log - EVENT * LOG + 1), part_text
end

-- In the order of time and of an account in good standing: what is there stays as it is. False where it cannot.
local function append_event(bucket, record)
  local last = buckets > 0 and number_of(raw, buckets_at, 1, buckets)
  if last == bucket then
    local raised = pack('>i4', sum_of(raw, buckets_at, 1, buckets, 1) + 1)
    if #raw > SMALL then
      -- A long text is not put together where it can be avoided: Redis hashes every byte of it.
      redis_call('SETRANGE', key, events_at - 4, raised)
      redis_call('APPEND', key, record)
    else
      -- Its life was counted from the end of this bucket.
      redis_call('SET', key, sub(raw, 1, events_at - 4) .. raised .. sub(raw, events_at + 1) .. record, 'KEEPTTL')
    end
    return true
  end
  if buckets == 0 or last > bucket or buckets >= TRIM_SLACK then return false end
  local row = pack('>I5i4', bucket, sum_of(raw, buckets_at, 1, buckets, 1) + 1)
  local text = sub(raw, 1, 3) .. pack('>I2', buckets + 1) .. sub(raw, 6, events_at) .. row .. sub(raw, events_at + 1) .. record
  redis_call('SET', key, text, 'PX', lifetime())
  return true
end

-- Nobody asks for the events before this any more, nor tells them again; they leave a few at a time.
local function oldest_wanted()
  return max(at, events > 0 and time_of(events) or at) - window - max(DAY, bucket_ms)
end

local function without_old(log)
  local from, oldest = 1, oldest_wanted()
  if #log < EVENT * OLD or unpack_at('>I6', log, EVENT * (OLD - 1) + 1) >= oldest then return log end
  while from < #log and unpack_at('>I6', log, from) < oldest do from = from + EVENT end
  return sub(log, from)
end

local function count_event()
  local bucket, record = floor(at / bucket_ms), pack('>I6', at) .. event
  local amount, before = amount_of(sub(key, 1, -7) .. 'x', sub(key, -6), bucket), until_time(at)
  local is_old = events >= OLD - 1 and time_of(OLD - 1) < oldest_wanted()
  local is_full = is_old or events >= LOG + SLACK
  if amount == 1 and before == events and not is_full and append_event(bucket, record) then return end
  local middle = events_at + EVENT * before
  local log, part_text = sub(raw, events_at + 1, middle) .. record .. sub(raw, middle + 1), part_sums()
  if is_full then log = without_old(log) end
  if #log > EVENT * (LOG + SLACK) then log, part_text = fold(log, part_text) end
  save('', part_text, added(bucket_sums(), 1, bucket, { amount }), log)
end

-- Where in the table of parts the time since `from` begins and ends.
local function bounds_since(from)
  local edge = floor(from / part_ms)
  return {
    share = edge + 1 - from / part_ms,
    edge = place_of(raw, parts_at, parts, columns, edge),
    inside = place_of(raw, parts_at, parts, columns, edge + 1),
    finish = place_of(raw, parts_at, parts, columns, floor(at / part_ms) + 1),
  }
end

-- The same of the window, and where the baseline of this event begins and ends.
local function bounds()
  local b = bounds_since(at - window)
  b.first = place_of(raw, buckets_at, buckets, columns, floor((at - window - baseline) / bucket_ms))
  b.last = place_of(raw, buckets_at, buckets, columns, floor((at - window) / bucket_ms))
  return b
end

local function window_sum(b, column)
  local inside = sum_of(raw, parts_at, columns, b.inside, column)
  local whole = sum_of(raw, parts_at, columns, b.finish, column) - inside
  return whole + (inside - sum_of(raw, parts_at, columns, b.edge, column)) * b.share
end

local function baseline_sum(first, last, column)
  if first == last then return 0 end
  return sum_of(raw, buckets_at, columns, last, column) - sum_of(raw, buckets_at, columns, first, column)
end

-- Events since the baseline ends, and how many of them are of accounts that are out. `last` is the row before which it ends.
local function say_company(last, own)
  local from, recent, good = floor((at - window) / bucket_ms) * bucket_ms, 0, 0
  if flags % 2 == 1 then
    recent = until_time(at) - until_time(ceil(from) - 1)
    if parts > 0 and folded >= from then recent = recent + window_sum(bounds_since(from), 1) end
    good = baseline_sum(last, place_of(raw, buckets_at, buckets, 1, floor(at / bucket_ms) + 1), 1)
  end
  if recent <= good then recent, good, own = 0, 0, false end
  say(own and recent + 1 or recent)
  say(recent - good)
end

local kinds = {}

local MOST_EVENTS = 4

-- A few events of accounts in good standing: no table is needed to count them.
local function see_few(value)
  local from, n, usual, place, own = at - window, 0, 0, #value + 1, counts
  local last, first = floor(from / bucket_ms), floor((from - baseline) / bucket_ms)
  for position = #value - EVENT + 1, 2, -EVENT do
    local time = unpack_at('>I6', value, position)
    local number = floor(time / bucket_ms)
    if time > from and time <= at then n = n + 1 end
    if number >= first and number < last then usual = usual + 1 end
    if time <= at then place = position end
    if sub(value, position + 6, position + 13) == event then own = false end
  end
  say(own and n + 1 or n)
  say(usual)
  say(0)
  say(0)
  return own and place
end

local function count_few(value, place)
  local record = pack('>I6', at) .. event
  local text = sub(value, 1, place - 1) .. record .. sub(value, place)
  if #text <= EVENT * MOST_EVENTS + 1 then
    put_entry(field, text, value, lifetime(), at)
    return
  end
  local sums, log = unfold_burst(text, bucket_ms)
  open_record(EMPTY_KEY)
  save('', '', sums, log)
  put_entry(field, '>b', value, lifetime(), at)
end

function kinds.k(text, of)
  counts = byte(of, 2) == 49
  if not text and not entry then
    -- The usual case: nobody was here before.
    say(counts and 1 or 0)
    say(0)
    say(0)
    say(0)
    if not counts or not write then return end
    put_entry(field, sub(of, 3) .. pack('>I6', at) .. event, entry, lifetime(), at)
    return
  end
  if not text and entry ~= '>b' then
    local place = see_few(entry)
    if place and write then count_few(entry, place) end
    return
  end
  open_record(text or EMPTY_KEY)
  events = (#raw - events_at) / EVENT
  local from, own = at - window, counts and not is_logged()
  local n = until_time(at) - until_time(from) + (own and 1 or 0)
  if parts > 0 and folded > from then n = floor(n + window_sum(bounds(), 1)) end
  say(n)
  local last = place_of(raw, buckets_at, buckets, 1, floor(from / bucket_ms))
  local first = last > 0 and place_of(raw, buckets_at, buckets, 1, floor((from - baseline) / bucket_ms)) or 0
  say(baseline_sum(first, last, 1))
  say_company(last, own)
  if own and write then count_event() end
end

