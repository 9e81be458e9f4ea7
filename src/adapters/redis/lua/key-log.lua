-- Counts one event on its keys and reads all features of each; the twin of src/features/key-log.ts. In three files:
-- key-log (how a log is kept), fold-key and observe-keys; small logs lie in hashes (see small-entries and small-log).
-- KEYS the keys' logs, f2:{TT}RRRRRRRR; beside a log with the same hash tag lie KEY:more (folds and labels, msgpack; only when
--      there are any) and KEY:gone (set of events that left the log)
-- ARGV 1 write (1 or 0), 2 event, 3 account (8 characters each), 4 event time ms, 5 log length, 6 slack, 7 label or '',
--      8 time of the label ms; then four for each key:
--      layout: for each feature but an age its id (4 characters) and kind (c count, d distinct, l labelled)
--      plan:   counts (1 or 0), lifetime (see small-entries), 'lifetime ms:member columns:first;', then for each feature
--              id kind counts 'window ms:exact to:of;'. first: the values on a key without history, '' when not as simple
--      tail:   what a record of this event ends with (see below), or '' when nothing on the key is counted
--      small:  the same as a small log has it; '' when there are too many columns
-- returns one text: the values of all features, key by key, between blanks; '-' there is none, '?' not to be had
--
-- A log: flags ('0' + 1 folds + 2 labels), '=' when every record has every mark or else '~', number of columns, of ages and
-- of member columns (a byte each), records left by the last folding (2 bytes), the layout, ages {id, first seen (double)};
-- then the records in the order of time: time (double), event, a mark '1' or '0' for each column, 8 characters for each d and l.
local PARTS, GONE, GONE_MS, SMALL, HEAD, STAMP = 16, 10000, 3600000, 512, 7, 16
local rep = string.rep
local write, event, account, at = ARGV[1] == '1', ARGV[2], ARGV[3], tonumber(ARGV[4])
local LOG, SLACK, new_label, label_at = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7], tonumber(ARGV[8])

-- The key at hand; features of the plan are in parallel lists.
local key, raw, flags, uniform, columns, ages, members, base, width, total, side, side_dirty, dirty
-- What this event's record ends with, when it is the newest and was appended without being put into `raw`.
local newest
local size, id, kind, counts, window, exact, of, column, place = 0, {}, {}, {}, {}, {}, {}, {}, {}

local function measure()
  flags, uniform = byte(raw, 1) - 48, byte(raw, 2) == 61
  columns, ages, members = byte(raw, 3, 5)
  base = HEAD + 5 * columns + 12 * ages
  width = STAMP + columns + 8 * members
  total = (#raw - base) / width
end

local function time_of(index)
  return (unpack_at('>d', raw, base + (index - 1) * width + 1))
end

-- The last record that is not after `time`.
local function last_until(time, from, to)
  while from < to do
    local middle = floor((from + to + 1) / 2)
    if time_of(middle) <= time then from = middle else to = middle - 1 end
  end
  return from
end

local function load_side()
  if not side then
    local text = flags > 0 and redis_call('GET', key .. ':more')
    side = text and cmsgpack.unpack(text) or { f = {}, l = {} }
  end
  return side
end

local function set_header(position, text)
  raw = sub(raw, 1, position - 1) .. text .. sub(raw, position + #text)
  dirty = true
end

local function add_flag(bit)
  if floor(flags / bit) % 2 == 0 then
    flags = flags + bit
    set_header(1, char(48 + flags))
  end
  side_dirty = true
end

-- Which column each feature has, and where in a record its member begins.
local function locate()
  local next_place, at_column = STAMP + columns + 1, {}
  for c = 1, columns do
    local from = HEAD + 5 * c - 4
    at_column[sub(raw, from, from + 4)] = { c, next_place }
    if byte(raw, from + 4) ~= 99 then next_place = next_place + 8 end
  end
  for i = 1, size do
    local known = at_column[id[i] .. kind[i]]
    column[i] = known and known[1]
    if kind[i] ~= 'a' then place[i] = known and known[2] end
  end
end

-- What another layout than the plan's needs (see sweep_and_divide for why it is one function): relayout, join, remap, source_of.
local function layout_tools()
  -- The end of a record in another layout: `source` lists for each new column the old column (or nil) and its member's place.
  local function remap(old, source, kinds)
    local marks, rest = {}, {}
    for c = 1, #kinds do
      local known = source[c]
      marks[c] = known and sub(old, known[1], known[1]) or '0'
      if kinds[c] ~= 'c' then rest[#rest + 1] = known and sub(old, known[2], known[2] + 7) or NOBODY end
    end
    return concat(marks) .. concat(rest)
  end

  local function columns_of(layout)
    local found, next_place = {}, #layout / 5 + 1
    for from = 1, #layout, 5 do
      local name = sub(layout, from, from + 4)
      found[#found + 1] = name
      found[name] = { (from + 4) / 5, next_place }
      if sub(name, 5) ~= 'c' then next_place = next_place + 8 end
    end
    return found
  end

  local function source_of(old, layout)
    local known, source, kinds = columns_of(old), {}, {}
    for from = 1, #layout, 5 do
      kinds[#kinds + 1] = sub(layout, from + 4, from + 4)
      source[#kinds] = known[sub(layout, from, from + 4)]
    end
    return source, kinds
  end

  -- Rewrites the log for another list of columns.
  local function relayout(layout)
    local source, kinds = source_of(sub(raw, HEAD + 1, HEAD + 5 * columns), layout)
    local out, all = {}, true
    for index = 1, total do
      local from = base + (index - 1) * width
      local tail = remap(sub(raw, from + STAMP + 1, from + width), source, kinds)
      all = all and not find(sub(tail, 1, #kinds), '0', 1, true)
      out[index] = sub(raw, from + 1, from + STAMP) .. tail
    end
    local member_columns = #kinds
    for _, k in ipairs(kinds) do
      if k == 'c' then member_columns = member_columns - 1 end
    end
    raw = sub(raw, 1, 1) .. (all and '=' or '~') .. char(#kinds, ages, member_columns) .. sub(raw, 6, HEAD) .. layout
      .. sub(raw, HEAD + 5 * columns + 1, base) .. concat(out)
    dirty = true
    measure()
  end

  -- A layout with the stored columns first and those that are new after them.
  local function join(stored, layout)
    local known = columns_of(stored)
    for _, name in ipairs(columns_of(layout)) do
      if not known[name] then stored = stored .. name end
    end
    return stored
  end

  return relayout, join, remap, source_of
end

local function see_ages(is_repeat)
  for i = 1, size do
    if kind[i] == 'a' then
      local seen_at, from = nil, base - 12 * ages
      for slot = 0, ages - 1 do
        if sub(raw, from + 12 * slot + 1, from + 12 * slot + 4) == id[i] then seen_at = from + 12 * slot + 5 end
      end
      local seen = seen_at and unpack_at('>d', raw, seen_at)
      if not is_repeat and counts[i] and not seen then
        raw = sub(raw, 1, 3) .. char(ages + 1) .. sub(raw, 5, base) .. id[i] .. pack('>d', at) .. sub(raw, base + 1)
        ages, base, seen, dirty = ages + 1, base + 12, at, true
      elseif not is_repeat and counts[i] and at < seen then
        set_header(seen_at, pack('>d', at))
        seen = at
      end
      place[i] = seen
    end
  end
end

