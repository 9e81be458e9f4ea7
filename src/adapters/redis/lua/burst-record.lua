-- What is kept of bursts; the twin of src/features/burst-key.ts. Two kinds of records begin alike: flags (1: accounts that are
-- out are listed beside it, 2: totals), rows of parts, rows of buckets (2 bytes each), time of the newest folded event (6 bytes), columns
-- (1 byte). Parts are sixteenths of a window, buckets hold the admitted events (tables as in bucket-sums).
-- b2:{KEY}:FEATURE   one key of one burst: parts hold its folded events; then its newest events in the order of time:
--                    {time (6 bytes), event (8)}. One column. KEY is {TT}RRRRRRRR; a few
--                    events of accounts in good standing lie in a hash instead (see small-entries): the same, newest first.
-- b2:{totals}:GROUP  all keys together, of all bursts with the same event type, window and baseline: a column for each, whose
--                    names (6 characters) stand before the tables; parts hold all events.
-- b2:{totals}:groups hash: FEATURE to GROUP.
-- b2:{KEY}:x         hash: account to 'o' or 'g' (out or good), time of that (13 digits), and while it is out
--                    {event (8), FEATURE, bucket (8 hexadecimal digits)} for each event that was taken out of the buckets.
local HEAD, EVENT, PARTS = 12, 14, 16
local EMPTY_KEY, EMPTY_TOTALS = '\0\0\0\0\0\0\0\0\0\0\0\1', '\2\0\0\0\0\0\0\0\0\0\0\0'
local raw, flags, parts, buckets, folded, columns, parts_at, buckets_at, events_at

local function open_record(text)
  raw = text
  flags, parts, buckets, folded, columns = unpack_at('>I1I2I2I6I1', raw)
  parts_at = HEAD + (flags >= 2 and 6 * columns or 0)
  buckets_at = parts_at + (5 + 4 * columns) * parts
  events_at = buckets_at + (5 + 4 * columns) * buckets
end

-- `names` are those of the columns, where a record has them.
local function close_record(names, part_sums, bucket_sums, log)
  local step = 5 + 4 * columns
  local head = pack('>I1I2I2I6I1', flags, #part_sums / step, #bucket_sums / step, folded, columns)
  return head .. names .. part_sums .. bucket_sums .. log
end

local function names_of_columns()
  return sub(raw, HEAD + 1, parts_at)
end

local function column_of(names, feature)
  local found = find(names, feature, 1, true)
  while found and found % 6 ~= 1 do found = find(names, feature, found + 1, true) end
  return found and (found + 5) / 6
end

local function part_sums()
  return sub(raw, parts_at + 1, buckets_at)
end

local function bucket_sums()
  return sub(raw, buckets_at + 1, events_at)
end

-- The tables and events of a small entry as a record has them: buckets, log.
local function unfold_burst(value, bucket_width)
  local sums, log = '', ''
  for from = #value - EVENT + 1, 2, -EVENT do
    sums = added(sums, 1, floor(unpack_at('>I6', value, from) / bucket_width), { 1 })
    log = log .. sub(value, from, from + EVENT - 1)
  end
  return sums, log
end

