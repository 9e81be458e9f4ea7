-- The last part of the script observe-keys: counts the event, then reads.
local function is_known()
  local found = find(raw, event, base + 1, true)
  while found and (found - base - 1) % width ~= 8 do found = find(raw, event, found + 1, true) end
  return found or (flags % 2 == 1 and redis_call('SISMEMBER', key .. ':gone', event) == 1)
end

local function enter(tail, writes)
  if uniform and find(sub(tail, 1, columns), '0', 1, true) then
    uniform = false
    set_header(2, '~')
  end
  local record = pack('>d', at) .. event .. tail
  if total == 0 or time_of(total) <= at then
    -- A long text is not put together where it can be avoided: Redis hashes every byte of it.
    if dirty or #raw < SMALL or total >= max(LOG, (unpack_at('>I2', raw, 6))) + SLACK then
      raw, dirty = raw .. record, true
    else
      newest = tail
      if writes then redis_call('APPEND', key, record) end
      return
    end
  else
    local from = base + last_until(at, 0, total) * width
    record = record .. sub(raw, from + 1)
    raw = sub(raw, 1, from) .. record
    if #raw <= SMALL then dirty = true end
    if writes and not dirty then redis_call('SETRANGE', key, from, record) end
  end
  total = total + 1
end

local function folded_count(fold, bucket_width, from)
  local sum, b = 0, fold.b
  for i = 1, #b, 2 do
    local start = b[i] * bucket_width
    local finish = min(start + bucket_width, fold.u)
    local share = 0
    if finish <= start then
      if start > from and start <= at then share = 1 end
    else
      share = (min(finish, at) - max(start, from)) / (finish - start)
    end
    if share > 0 then sum = sum + b[i + 1] * min(1, share) end
  end
  return sum
end

local function read_count(i, from, first, last)
  local n = last - first
  if not uniform and n > 0 then
    n = 0
    for index = first, last - 1 do
      if byte(raw, base + index * width + STAMP + column[i]) == 49 then n = n + 1 end
    end
  end
  if newest and at > from and column[i] and byte(newest, column[i]) == 49 then n = n + 1 end
  local fold = flags % 2 == 1 and load_side().f[id[i]]
  if fold and fold.u > from then n = floor(n + folded_count(fold, window[i] / PARTS, from)) end
  return n
end

-- Different members in the window, newest first: no more than `exact` are worth finding.
local function read_members(i, from, first, last)
  local labelled, most, found, n = kind[i] == 'l', exact[i], {}, 0
  if labelled and flags < 2 then return 0 end
  local mark, start = STAMP + (column[i] or 0), place[i] or 0
  if labelled then load_side() end
  if newest and at > from and column[i] and byte(newest, column[i]) == 49 then
    local member = sub(newest, start - STAMP, start - STAMP + 7)
    found[member] = true
    if not labelled or is_labelled(i, member) then n = 1 end
  end
  for index = last - 1, first, -1 do
    local record = base + index * width
    if uniform or byte(raw, record + mark) == 49 then
      local member = sub(raw, record + start, record + start + 7)
      if not found[member] then
        found[member] = true
        if not labelled or is_labelled(i, member) then
          n = n + 1
          if n >= most then return most end
        end
      end
    end
  end
  local fold = flags % 2 == 1 and load_side().f[id[i]]
  for member, time in pairs(fold and fold.m or {}) do
    if time > from and not found[member] and (not labelled or is_labelled(i, member)) then n = n + 1 end
  end
  return min(n, most)
end

local function read(i, stored)
  if kind[i] == 'a' then return place[i] and string.format('%.14g', max(0, (at - place[i]) / 1000)) or '-' end
  local from, first, last = at - window[i], 0, column[i] and stored or 0
  if last > 0 and time_of(1) <= from then first = last_until(from, 1, last) end
  if kind[i] == 'c' then return read_count(i, from, first, last) end
  return read_members(i, from, first, last)
end

local function parse(plan, position)
  size = 0
  while position < #plan do
    local _, colon, w, e = find(plan, '^([%d.]+):(%d+):', position + 6)
    local last = find(plan, ';', colon, true)
    size = size + 1
    id[size], kind[size] = sub(plan, position, position + 3), sub(plan, position + 4, position + 4)
    counts[size], window[size], exact[size] = byte(plan, position + 5) == 49, w + 0, e + 0
    if kind[size] == 'l' then of[size] = sub(plan, colon + 1, last - 1) end
    position = last + 1
  end
end

-- The log as a field of a hash has it; nil where it is too large for that, or has more than records.
local function shrunk(life)
  if flags > 0 or columns > MOST_COLUMNS or ages > MOST_AGES then return nil end
  local out, last = { life, char(columns + 8 * ages) }, {}
  for at_age = base - 12 * ages + 1, base, 12 do
    local seen = unpack_at('>d', raw, at_age + 4)
    if not is_time(seen) then return nil end
    out[#out + 1] = sub(raw, at_age, at_age + 3) .. pack('>I6', seen)
  end
  out[#out + 1] = sub(raw, HEAD + 1, HEAD + 5 * columns)
  for index = total, 1, -1 do
    local from, time = base + (index - 1) * width, time_of(index)
    if not is_time(time) then return nil end
    local marks, same, rest, previous, next_place = 0, 0, '', NOBODY, from + STAMP + columns + 1
    for c = 1, columns do
      local marked, has_member = byte(raw, from + STAMP + c) == 49, byte(raw, HEAD + 5 * c) ~= 99
      if marked then marks = marks + 2 ^ (c - 1) end
      if marked and has_member then
        local member = sub(raw, next_place, next_place + 7)
        if member == (last[c] or previous) then same = same + 2 ^ (c - 1) else rest = rest .. member end
        last[c], previous = member, member
      end
      if has_member then next_place = next_place + 8 end
    end
    out[#out + 1] = pack('>I6', time) .. sub(raw, from + 9, from + STAMP) .. char(marks) .. (members > 0 and char(same) or '') .. rest
  end
  local value = concat(out)
  return #value <= MOST_SMALL and value or nil
end

-- Where the log lies now: its value in the hash, false when nowhere.
local entry, field

local function save(fresh, life, lifetime)
  if entry ~= '>f' then
    if not dirty and not side_dirty or total + ages == 0 and flags == 0 then return end
    local value = shrunk(entry and byte(entry) > byte(life) and sub(entry, 1, 1) or life)
    if value then
      put_entry(field, value, entry, lifetime + 0, at)
      return
    end
  end
  if fresh or entry ~= '>f' then
    redis_call('SET', key, raw, 'PX', lifetime)
    if side_dirty then redis_call('SET', key .. ':more', cmsgpack.pack(side), 'PX', lifetime) end
    put_entry(field, '>f', entry, lifetime + 0, at)
    return
  end
  local left, wanted = redis_call('PTTL', key), lifetime + 0
  -- Another event type may have counted a feature with a longer window on this key: never shorten its life. A little more,
  -- so that a busy key is not told its lifetime at every event.
  local needed = left < wanted and wanted + floor(wanted / 32) or left
  if dirty then redis_call('SET', key, raw, 'PX', needed)
  elseif left < wanted then redis_call('PEXPIRE', key, needed) end
  if side_dirty then redis_call('SET', key .. ':more', cmsgpack.pack(side), 'PX', needed)
  elseif flags > 0 and left < wanted then redis_call('PEXPIRE', key .. ':more', needed) end
  if left < wanted and alive_until < clock() + needed then note(needed) end
end

local answer, fits = {}, is_time(at)

local function observe(layout, plan, tail, small)
  local _, plan_at, counted, life, lifetime, member_columns, first = find(plan, '^([01])(.)(%d+):(%d+):([%d ]*);')
  local fresh = not raw or byte(raw, 1) < 48 or byte(raw, 1) > 51
  if not entry and write and first ~= '' and new_label == '' and small ~= '' and fits then
    -- The usual case: nobody was here before.
    put_entry(field, life .. char(#layout / 5) .. layout .. pack('>I6', at) .. event .. small, entry, lifetime + 0, at)
    answer[#answer + 1] = first
    return
  end
  side, side_dirty, dirty, newest = nil, false, fresh, nil
  if fresh then raw = '0=' .. char(#layout / 5, 0, member_columns) .. '\0\0' .. layout end
  measure()
  parse(plan, plan_at + 1)
  local writes = write and counted == '1'
  local stored = sub(raw, HEAD + 1, HEAD + 5 * columns)
  if stored == layout then
    local c, next_place = 0, STAMP + columns + 1
    for i = 1, size do
      if kind[i] == 'a' then column[i], place[i] = nil, nil
      else
        c = c + 1
        column[i], place[i] = c, next_place
        if kind[i] ~= 'c' then next_place = next_place + 8 end
      end
    end
  else
    local relayout, join, remap, source_of = layout_tools()
    local joined = tail ~= '' and join(stored, layout) or stored
    if joined ~= stored then relayout(joined) end
    locate()
    if tail ~= '' then tail = remap(tail, source_of(layout, joined)) end
  end
  local is_repeat = counted == '1' and total > 0 and is_known()
  see_ages(is_repeat)
  if new_label ~= '' then
    if learn_label(raw, load_side(), account, new_label, label_at) then add_flag(2) end
  end
  if tail ~= '' and not is_repeat then
    enter(tail, writes)
    if total > max(LOG, (unpack_at('>I2', raw, 6))) + SLACK then fold_overflow(writes) end
  end
  local until_now = total
  if total > 0 and time_of(total) > at then until_now = last_until(at, 0, total) end
  for i = 1, size do answer[#answer + 1] = read(i, until_now) end
  if writes then save(fresh, life, lifetime) end
end

-- Reads the log; nil when something else is in its place.
local function open_log()
  entry = open_entry(sub(key, 4, 7), field)
  if entry ~= '>f' then
    raw = entry and unfold_small(entry) or nil
    return entry ~= nil
  end
  raw = redis.pcall('GET', key)
  return type(raw) ~= 'table'
end

for n = 1, #KEYS do
  key, field = KEYS[n], sub(KEYS[n], 8)
  local from = 5 + 4 * n
  if open_log() then observe(ARGV[from], ARGV[from + 1], ARGV[from + 2], ARGV[from + 3])
  else
    for _ in string.gmatch(ARGV[from + 1], ';.') do answer[#answer + 1] = '?' end
  end
end
return concat(answer, ' ')
