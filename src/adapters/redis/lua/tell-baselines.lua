-- Takes an account's events out of what is usual, or brings them back; follows small-entries, bucket-sums
-- and burst-record.
-- KEYS[1] b2:KEY:x or b2:{totals}:x; the records beside it have the same hash tag
-- ARGV 1 account, 2 o (out) or g (good), 3 time of that ms, 4 lifetime ms of what is not there yet, then the account's events:
--      {event (8), feature (6), bucket (8 hexadecimal digits)}, and 64 times the width of its
--      buckets in ms (8 digits to the base 36)
-- returns 1
local ENTRY = 22
local x, account, standing, at, lifetime = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local prefix = sub(x, 1, -2)
-- By record: {column, bucket, amount} for each event.
local changes = {}

-- Where a feature's buckets are; none where no event of it has come yet: the first to come sees to it by itself.
local function record_of(feature)
  if x ~= 'b2:{totals}:x' then return prefix .. feature, 1 end
  local group = redis_call('HGET', prefix .. 'groups', feature)
  local text = group and redis_call('GET', prefix .. group)
  if not text then return nil end
  open_record(text)
  return prefix .. group, column_of(names_of_columns(), feature)
end

-- By record of a key: the widths of its buckets.
local widths = {}

local function change(entry, amount)
  local record, column = record_of(sub(entry, 9, 14))
  if not column then return false end
  changes[record] = changes[record] or {}
  table.insert(changes[record], { column, tonumber(sub(entry, 15, 22), 16), amount })
  if #entry > ENTRY then widths[record] = tonumber(sub(entry, 23), 36) / 64 end
  return true
end

-- The record, wherever it lies; from now on it has a key of its own.
local function own_record(key)
  if x == 'b2:{totals}:x' then return redis_call('GET', key) end
  local field = sub(key, 8, 15) .. sub(key, 17)
  local entry = open_entry(sub(key, 4, 7), field)
  if entry == '>b' then return redis_call('GET', key) or EMPTY_KEY end
  local text = EMPTY_KEY
  if entry and widths[key] then
    local sums, log = unfold_burst(entry, widths[key])
    open_record(text)
    text = close_record('', '', sums, log)
  end
  redis_call('SET', key, text, 'PX', lifetime)
  put_entry(field, '>b', entry, lifetime, at)
  return text
end

-- By feature: the oldest bucket that is kept.
local oldest = {}

local function oldest_of(feature)
  if not oldest[feature] then
    local record = record_of(feature)
    local text = record and redis_call('GET', record)
    oldest[feature] = math.huge
    if text then
      open_record(text)
      if buckets > 0 then oldest[feature] = number_of(raw, buckets_at, columns, 1) end
    end
  end
  return oldest[feature]
end

-- Of the events that were taken out those that may still come back: whose buckets are kept.
local function still_kept(taken)
  local kept = {}
  for from = 1, #taken, ENTRY do
    local entry = sub(taken, from, from + ENTRY - 1)
    if tonumber(sub(entry, 15), 16) >= oldest_of(sub(entry, 9, 14)) then kept[#kept + 1] = entry end
  end
  return concat(kept)
end

-- Who was told of longer ago than anything is kept, and has nothing to come back; a few at a time. Who is out may have gone on
-- for long since: what was not counted of that has to stay known, or it would be taken out once more.
local function forget_old()
  local horizon = at - max(redis_call('PTTL', x), lifetime)
  local some = redis_call('HRANDFIELD', x, 4, 'WITHVALUES')
  for i = 1, #some, 2 do
    local told = some[i + 1]
    if tonumber(sub(told, 2, 14)) < horizon and still_kept(sub(told, 15)) == '' then redis_call('HDEL', x, some[i]) end
  end
end

local known = redis_call('HGET', x, account)
if known and tonumber(sub(known, 2, 14)) > at then return 1 end
local taken = known and still_kept(sub(known, 15)) or ''
if standing == 'o' then
  for i = 5, #ARGV do
    if not find(taken, sub(ARGV[i], 1, 14), 1, true) and change(ARGV[i], -1) then taken = taken .. sub(ARGV[i], 1, ENTRY) end
  end
else
  for from = 1, #taken, ENTRY do change(sub(taken, from, from + ENTRY - 1), 1) end
  taken = ''
end
forget_old()
redis_call('HSET', x, account, standing .. format('%013d', at) .. taken)
if redis_call('PTTL', x) < lifetime then redis_call('PEXPIRE', x, lifetime) end
for key, list in pairs(changes) do
  open_record(own_record(key))
  local sums = bucket_sums()
  for _, one in ipairs(list) do sums = added(sums, columns, one[2], { [one[1]] = one[3] }) end
  if flags % 2 == 0 then flags = flags + 1 end
  local text = close_record(names_of_columns(), part_sums(), sums, sub(raw, events_at + 1))
  redis_call('SET', key, text, 'PX', max(redis_call('PTTL', key), lifetime))
end
return 1
