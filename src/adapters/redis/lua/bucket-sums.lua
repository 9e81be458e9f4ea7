-- Counts by bucket of time as running sums, the twin of src/features/bucket-sums.ts: records {number of the bucket (5 bytes),
-- events up to and with it (4 bytes)} in the order of time, `n` of them in `text` behind `from` bytes.
local redis_call, sub, find, format = redis.call, string.sub, string.find, string.format
local floor, ceil, max, min, concat = math.floor, math.ceil, math.max, math.min, table.concat
local pack, unpack_at = struct.pack, struct.unpack
local STEP, TRIM_SLACK = 9, 32

local function number_of(text, from, index)
  return (unpack_at('>I5', text, from + STEP * index - 8))
end

local function sum_of(text, from, index)
  return index == 0 and 0 or (unpack_at('>i4', text, from + STEP * index - 3))
end

-- How many records lie before `bucket`.
local function place_of(text, from, n, bucket)
  local last = n > 0 and number_of(text, from, n)
  if not last or last < bucket then return n end
  -- Under steady traffic no bucket is missing.
  local guess = n - (last - bucket)
  if guess >= 1 and number_of(text, from, guess) == bucket then return guess - 1 end
  local low, high = 0, n
  while low < high do
    local middle = floor((low + high) / 2)
    if number_of(text, from, middle + 1) < bucket then low = middle + 1 else high = middle end
  end
  return low
end

local function between(text, from, n, first, finish)
  return sum_of(text, from, place_of(text, from, n, finish)) - sum_of(text, from, place_of(text, from, n, first))
end

-- The same records, from behind `gone` of them, with `amount` more in each.
local function shifted(sums, gone, amount)
  local out = {}
  for index = gone + 1, #sums / STEP do
    out[#out + 1] = pack('>I5i4', number_of(sums, 0, index), sum_of(sums, 0, index) + amount)
  end
  return concat(out)
end

local function added(sums, bucket, amount)
  local n = #sums / STEP
  local place = place_of(sums, 0, n, bucket)
  local head = sub(sums, 1, STEP * place)
  if place == n or number_of(sums, 0, place + 1) ~= bucket then
    head = head .. pack('>I5i4', bucket, sum_of(sums, 0, place) + amount)
  end
  return head .. shifted(sums, place, amount)
end

local function trimmed(sums, kept)
  local n = #sums / STEP
  if n <= TRIM_SLACK then return sums end
  local oldest = number_of(sums, 0, n) - kept
  if number_of(sums, 0, TRIM_SLACK + 1) >= oldest then return sums end
  local gone = place_of(sums, 0, n, oldest)
  return shifted(sums, gone, -sum_of(sums, 0, gone))
end

