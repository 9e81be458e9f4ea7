-- Counts by bucket of time as running sums, the twin of src/features/bucket-sums.ts. A table is a text of rows in the order of
-- time: number of the bucket (5 bytes), then for each of its columns the events up to and with it (4 bytes). It is said by the
-- text, the bytes before it, its number of rows and of columns.
local TRIM_SLACK = 32

local function number_of(text, from, columns, row)
  return (unpack_at('>I5', text, from + (5 + 4 * columns) * (row - 1) + 1))
end

local function sum_of(text, from, columns, row, column)
  return row == 0 and 0 or (unpack_at('>i4', text, from + (5 + 4 * columns) * (row - 1) + 2 + 4 * column))
end

-- How many rows lie before `bucket`.
local function place_of(text, from, rows, columns, bucket)
  local last = rows > 0 and number_of(text, from, columns, rows)
  if not last or last < bucket then return rows end
  -- Under steady traffic no bucket is missing.
  local guess = rows - (last - bucket)
  if guess >= 1 and number_of(text, from, columns, guess) == bucket then return guess - 1 end
  local low, high = 0, rows
  while low < high do
    local middle = floor((low + high) / 2)
    if number_of(text, from, columns, middle + 1) < bucket then low = middle + 1 else high = middle end
  end
  return low
end

-- The rows behind `gone` of them, each with `more` (by column) added.
local function shifted(sums, columns, gone, more)
  local out = {}
  for row = gone + 1, #sums / (5 + 4 * columns) do
    out[#out + 1] = pack('>I5', number_of(sums, 0, columns, row))
    for column = 1, columns do out[#out + 1] = pack('>i4', sum_of(sums, 0, columns, row, column) + (more[column] or 0)) end
  end
  return concat(out)
end

-- The table with `more` (by column) in one bucket.
local function added(sums, columns, bucket, more)
  local rows = #sums / (5 + 4 * columns)
  local place = place_of(sums, 0, rows, columns, bucket)
  local out = { sub(sums, 1, (5 + 4 * columns) * place) }
  if place == rows or number_of(sums, 0, columns, place + 1) ~= bucket then
    out[2] = pack('>I5', bucket)
    for column = 1, columns do
      out[2 + column] = pack('>i4', sum_of(sums, 0, columns, place, column) + (more[column] or 0))
    end
  end
  if place < rows then out[#out + 1] = shifted(sums, columns, place, more) end
  return concat(out)
end

-- Without what lies more than `kept` buckets back; only now and then.
local function trimmed(sums, columns, kept)
  local rows = #sums / (5 + 4 * columns)
  if rows <= TRIM_SLACK then return sums end
  local oldest = number_of(sums, 0, columns, rows) - kept
  if number_of(sums, 0, columns, TRIM_SLACK + 1) >= oldest then return sums end
  local gone, less = place_of(sums, 0, rows, columns, oldest), {}
  for column = 1, columns do less[column] = -sum_of(sums, 0, columns, gone, column) end
  return shifted(sums, columns, gone, less)
end

