-- Counts one event on one key and reads all features of the key; the twin of src/features/key-log.ts.
-- KEYS[1] the key's log (msgpack), KEYS[2] events that left the log (set); same hash tag
-- ARGV 1 write (1 or 0), 2 event time ms, 3 event, 4 account, 5 lifetime ms, 6 label or '', 7 time of the label ms,
--      then for each feature: id, kind, of, window ms, exact to, counts (1 or 0), member or ''
-- returns a list with one text for each feature: the number, or '' when there is none
local LOG, SLACK, BUCKETS, GONE, GONE_MS = 128, 32, 16, 10000, 3600000
local write, at, event, account = ARGV[1] == '1', tonumber(ARGV[2]), ARGV[3], ARGV[4]

-- state: e = entries {time, event, account, id, member, id, member, …} by time; f = folds {id = {u, b, m}};
-- s = first seen {id = time}; l = labels {account = {label, time}}
local raw = redis.call('GET', KEYS[1])
local state = raw and cmsgpack.unpack(raw) or { e = {}, f = {}, s = {}, l = {} }
local entries, folds, seen, labels = state.e, state.f, state.s, state.l

local lookups = {}
for i = 8, #ARGV, 7 do
  lookups[#lookups + 1] = { id = ARGV[i], kind = ARGV[i + 1], of = ARGV[i + 2], window = tonumber(ARGV[i + 3]),
    exact = tonumber(ARGV[i + 4]), counts = ARGV[i + 5] == '1', member = ARGV[i + 6] }
end

local function mark_of(entry, id)
  if entry[4] == id then return entry[5], 4 end
  if entry[6] == id then return entry[7], 6 end
  for i = 8, #entry, 2 do
    if entry[i] == id then return entry[i + 1], i end
  end
end

local function enter()
  local entry = { at, event, account }
  for _, f in ipairs(lookups) do
    if f.counts then
      if f.kind == 'age' then
        if not seen[f.id] or seen[f.id] > at then seen[f.id] = at end
      else
        local member = f.kind == 'count' and '' or f.kind == 'labelled' and account or f.member
        if f.kind == 'count' or member ~= '' then
          entry[#entry + 1] = f.id
          entry[#entry + 1] = member
        end
      end
    end
  end
  if #entry == 3 then return end
  for i = 1, #entries do
    if entries[i][2] == event then return end
  end
  if next(folds) and redis.call('SISMEMBER', KEYS[2], event) == 1 then return end
  local place = #entries + 1
  while place > 1 and entries[place - 1][1] > at do place = place - 1 end
  table.insert(entries, place, entry)
end

local function is_labelled(f, member)
  return f.kind == 'labelled' and labels[member] ~= nil and labels[member][1] == f.of
end

local function keep_latest(fold, f, member, time)
  fold.m[member] = math.max(fold.m[member] or time, time)
  local size, leaver, leaver_at, leaver_labelled = 0, nil, nil, nil
  for m, t in pairs(fold.m) do
    size = size + 1
    local labelled = is_labelled(f, m)
    local first = leaver == nil
    if not first then
      if labelled == leaver_labelled then first = t < leaver_at or (t == leaver_at and m < leaver)
      else first = leaver_labelled end
    end
    if first then leaver, leaver_at, leaver_labelled = m, t, labelled end
  end
  if size > f.exact then fold.m[leaver] = nil end
end

local function keep_bucket(fold, f, time)
  local width = f.window / BUCKETS
  local number = math.floor(time / width)
  local name = string.format('%.0f', number)
  fold.b[name] = (fold.b[name] or 0) + 1
  local oldest = math.floor(fold.u / width) - 2 * BUCKETS
  for b in pairs(fold.b) do
    if tonumber(b) < oldest then fold.b[b] = nil end
  end
end

local function fold_overflow()
  if #entries <= LOG + SLACK then return end
  for _, f in ipairs(lookups) do
    local over = -LOG
    for _, e in ipairs(entries) do
      if mark_of(e, f.id) then over = over + 1 end
    end
    for _, e in ipairs(entries) do
      if over <= 0 then break end
      local member, i = mark_of(e, f.id)
      if member then
        local fold = folds[f.id] or { u = e[1], b = {}, m = {} }
        folds[f.id] = fold
        fold.u = math.max(fold.u, e[1])
        if f.kind == 'count' then keep_bucket(fold, f, e[1]) else keep_latest(fold, f, member, e[1]) end
        table.remove(e, i + 1)
        table.remove(e, i)
        over = over - 1
      end
    end
  end
  local kept = {}
  for i = 1, #entries do
    local e = entries[i]
    if #e > 3 then kept[#kept + 1] = e
    elseif write then redis.call('SADD', KEYS[2], e[2]) end
  end
  entries, state.e = kept, kept
  if write then
    local extra = redis.call('SCARD', KEYS[2]) - GONE
    if extra > 0 then redis.call('SPOP', KEYS[2], extra) end
    redis.call('PEXPIRE', KEYS[2], GONE_MS)
  end
end

local function folded_count(fold, width, from)
  local sum = 0
  for name, n in pairs(fold.b) do
    local start = tonumber(name) * width
    local finish = math.min(start + width, fold.u)
    local share = 0
    if finish <= start then
      if start > from and start <= at then share = 1 end
    else
      share = (math.min(finish, at) - math.max(start, from)) / (finish - start)
    end
    if share > 0 then sum = sum + n * math.min(1, share) end
  end
  return sum
end

-- Calls visit(member) for each mark in (at - window, at]; entries are in the order of time.
local function each_mark(f, visit)
  local from, id = at - f.window, f.id
  for i = #entries, 1, -1 do
    local e = entries[i]
    if e[1] <= from then return end
    if e[1] <= at then
      local member = mark_of(e, id)
      if member then visit(member) end
    end
  end
end

local function members_of(f)
  local members = {}
  each_mark(f, function(member) members[member] = true end)
  local fold = folds[f.id]
  if fold then
    for m, t in pairs(fold.m) do
      if t > at - f.window then members[m] = true end
    end
  end
  return members
end

local read = {
  count = function(f)
    local n = 0
    each_mark(f, function() n = n + 1 end)
    local fold = folds[f.id]
    if fold and fold.u > at - f.window then
      n = math.floor(n + folded_count(fold, f.window / BUCKETS, at - f.window))
    end
    return n
  end,
  distinct = function(f)
    local n = 0
    for _ in pairs(members_of(f)) do n = n + 1 end
    return math.min(n, f.exact)
  end,
  labelled = function(f)
    local n = 0
    for m in pairs(members_of(f)) do
      if is_labelled(f, m) then n = n + 1 end
    end
    return math.min(n, f.exact)
  end,
  age = function(f)
    return seen[f.id] and math.max(0, (at - seen[f.id]) / 1000)
  end,
}

if ARGV[6] ~= '' then
  local known, time = labels[account], tonumber(ARGV[7])
  if not known or time >= known[2] then labels[account] = { ARGV[6], time } end
end
enter()
fold_overflow()
local answer = {}
for i, f in ipairs(lookups) do
  local value = read[f.kind](f)
  answer[i] = value and string.format('%.14g', value) or ''
end
if write then
  -- Another event type may have counted a feature with a longer window on this key: never shorten its life.
  local lifetime = math.max(tonumber(ARGV[5]), redis.call('PTTL', KEYS[1]))
  redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', string.format('%.0f', lifetime))
end
return answer
