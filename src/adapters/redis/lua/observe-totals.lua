-- The second part of the script observe-baselines: all keys of bursts together.

-- In all totals or in none: they are told of every event together, which is remembered at once where it counts.
local in_totals
local function is_in_totals()
  if in_totals == nil then
    local known = 'b2:{totals}:new'
    local is_new = write and redis_call('SADD', known, event) == 1 or not write and redis_call('SISMEMBER', known, event) == 0
    in_totals = not is_new or redis_call('SISMEMBER', 'b2:{totals}:old', event) == 1
    -- Looked at now and then.
    if write and byte(event, 8) % 8 == 0 and redis_call('SCARD', known) >= GONE then
      redis_call('UNLINK', 'b2:{totals}:old')
      redis_call('RENAME', known, 'b2:{totals}:old')
    end
  end
  return in_totals
end

-- The table with other columns: for each the old one, or 0.
local function remapped(sums, old_columns, sources)
  local out = {}
  for row = 1, #sums / (5 + 4 * old_columns) do
    out[#out + 1] = pack('>I5', number_of(sums, 0, old_columns, row))
    for _, source in ipairs(sources) do
      out[#out + 1] = pack('>i4', source == 0 and 0 or sum_of(sums, 0, old_columns, row, source))
    end
  end
  return concat(out)
end

-- Makes room for features that are new here, and drops columns in which nothing is left.
local function widen(names, features)
  local sources, kept = {}, {}
  for column = 1, columns do
    local left = sum_of(raw, parts_at, columns, parts, column) ~= 0 or sum_of(raw, buckets_at, columns, buckets, column) ~= 0
    if left then
      sources[#sources + 1] = column
      kept[#kept + 1] = sub(names, 6 * column - 5, 6 * column)
    end
  end
  for _, feature in ipairs(features) do
    if not column_of(concat(kept), feature) then
      sources[#sources + 1] = 0
      kept[#kept + 1] = feature
      redis_call('HSET', 'b2:{totals}:groups', feature, sub(key, -6))
    end
  end
  local part_text, bucket_text = remapped(part_sums(), columns, sources), remapped(bucket_sums(), columns, sources)
  columns = #sources
  open_record(close_record(concat(kept), part_text, bucket_text, ''))
  return concat(kept)
end

local function raise_row(from, row, more)
  local out = {}
  for column = 1, columns do out[column] = pack('>i4', sum_of(raw, from, columns, row, column) + (more[column] or 0)) end
  redis_call('SETRANGE', key, from + (5 + 4 * columns) * row - 4 * columns, concat(out))
end

local function count_totals(names, features)
  local is_wide = true
  for _, feature in ipairs(features) do is_wide = is_wide and column_of(names, feature) end
  if not is_wide then names = widen(names, features) end
  local part, bucket, more, admitted = floor(at / part_ms), floor(at / bucket_ms), {}, {}
  for _, feature in ipairs(features) do
    local column = column_of(names, feature)
    more[column], admitted[column] = 1, amount_of('b2:{totals}:x', feature, bucket)
  end
  local is_newest = is_wide and parts > 0 and number_of(raw, parts_at, columns, parts) == part and buckets > 0
    and number_of(raw, buckets_at, columns, buckets) == bucket
  if is_newest then
    raise_row(parts_at, parts, more)
    raise_row(buckets_at, buckets, admitted)
  else
    save(names, added(part_sums(), columns, part, more), added(bucket_sums(), columns, bucket, admitted), '')
  end
end

function kinds.t(text, of)
  open_record(text or EMPTY_TOTALS)
  local names, b, features = names_of_columns(), bounds(), {}
  local newest = parts > 0 and number_of(raw, parts_at, columns, parts)
  local is_kept = not newest or floor(at / part_ms) >= newest - (PARTS_KEPT - PARTS)
  for from = 2, #of, 7 do
    local feature = sub(of, from, from + 5)
    local column, own = column_of(names, feature), byte(of, from + 6) == 49 and not is_in_totals()
    say((column and window_sum(b, column) or 0) + (own and 1 or 0))
    say(column and is_kept and baseline_sum(b.first, b.last, column) or 0)
    if own then features[#features + 1] = feature end
  end
  if #features > 0 and write then count_totals(names, features) end
end

