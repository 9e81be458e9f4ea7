-- What is kept of one key of a burst (b:{KEY}:FEATURE), or of all its keys together (b:{totals}:FEATURE); the twin of
-- src/features/burst-key.ts. One text: flags (1: accounts that are out are listed in b:{KEY}:x), how many parts, how many
-- buckets (2 bytes each), time of the newest folded event (6 bytes); then the parts (sixteenths of a window: of a key its
-- folded events, of the totals all), the buckets (admitted events), and of a key its newest events in the order of time:
-- {time (6 bytes), event (10)}.
-- b:{KEY}:x is a hash: account to 'o' or 'g' (out or good), time of that (13 digits), and while it is out
-- {event (10), feature (6), bucket (10 hexadecimal digits)} for each event that was taken out of the buckets.
local HEAD, EVENT, PARTS = 11, 16, 16
local raw, flags, parts, buckets, folded, buckets_at, events_at, events

local function open_record(text)
  raw = text or '\0\0\0\0\0\0\0\0\0\0\0'
  flags, parts, buckets, folded = unpack_at('>I1I2I2I6', raw)
  buckets_at = HEAD + STEP * parts
  events_at = buckets_at + STEP * buckets
  events = (#raw - events_at) / EVENT
end

local function close_record(part_sums, bucket_sums, log)
  return pack('>I1I2I2I6', flags, #part_sums / STEP, #bucket_sums / STEP, folded) .. part_sums .. bucket_sums .. log
end

local function part_sums()
  return sub(raw, HEAD + 1, buckets_at)
end

local function bucket_sums()
  return sub(raw, buckets_at + 1, events_at)
end

