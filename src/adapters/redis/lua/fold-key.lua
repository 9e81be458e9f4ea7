-- The second part of the script observe-keys: what no longer fits a log is folded.
local function is_labelled(i, member)
  local label = side.l[member]
  return label ~= nil and label[1] == of[i]
end

local function fold_overflow(writes)
  -- Buckets are {number, events, number, events, …} in the order of time.
  local function keep_bucket(fold, bucket_width, time)
    local number, b = floor(time / bucket_width), fold.b
    local i = #b - 1
    while i > 0 and b[i] > number do i = i - 2 end
    if i > 0 and b[i] == number then b[i + 1] = b[i + 1] + 1
    else
      table.insert(b, i + 2, 1)
      table.insert(b, i + 2, number)
    end
  end

  local function trim(fold, i)
    if kind[i] == 'c' then
      local oldest = floor(fold.u / (window[i] / PARTS)) - 2 * PARTS
      while fold.b[1] and fold.b[1] < oldest do
        table.remove(fold.b, 1)
        table.remove(fold.b, 1)
      end
      return
    end
    local order = {}
    for member in pairs(fold.m) do order[#order + 1] = member end
    if #order <= exact[i] then return end
    local rank = {}
    for _, member in ipairs(order) do rank[member] = kind[i] == 'l' and is_labelled(i, member) and 1 or 0 end
    table.sort(order, function(one, other)
      if rank[one] ~= rank[other] then return rank[one] < rank[other] end
      if fold.m[one] ~= fold.m[other] then return fold.m[one] < fold.m[other] end
      return one < other
    end)
    for n = 1, #order - exact[i] do fold.m[order[n]] = nil end
  end

  -- A count is exact as far as its author says.
  local function kept_of(i)
    return kind[i] == 'c' and max(LOG, exact[i]) or LOG
  end

  local folded = {}

  -- Takes the oldest marks of a feature out of the records in `marks` (index to marks that changed) until the log holds no more
  -- than it keeps. Each column once, whoever shares it.
  local function fold_feature(i, marks)
    local c, over = column[i], -kept_of(i)
    if folded[c] then return end
    folded[c] = true
    if uniform then over = over + total
    else
      for index = 1, total do
        if byte(raw, base + (index - 1) * width + STAMP + c) == 49 then over = over + 1 end
      end
    end
    if over <= 0 then return end
    local name = id[i]
    local fold = side.f[name] or { u = time_of(1), w = window[i], b = {}, m = {} }
    side.f[name] = fold
    for index = 1, total do
      if over <= 0 then break end
      local from = base + (index - 1) * width
      local mark = marks[index] or sub(raw, from + STAMP + 1, from + STAMP + columns)
      if byte(mark, c) == 49 then
        local time = time_of(index)
        fold.u = max(fold.u, time)
        if kind[i] == 'c' then keep_bucket(fold, window[i] / PARTS, time)
        else
          local member = sub(raw, from + place[i], from + place[i] + 7)
          fold.m[member] = max(fold.m[member] or time, time)
        end
        marks[index] = sub(mark, 1, c - 1) .. '0' .. sub(mark, c + 1)
        over = over - 1
      end
    end
    trim(fold, i)
  end

  local function is_told(mark)
    for i = 1, size do
      if column[i] and byte(mark, column[i]) == 49 then return true end
    end
    return false
  end

  -- Folds of features that no rule set has had for as long as their windows reach.
  local function drop_folds()
    local told = {}
    for i = 1, size do told[id[i]] = true end
    for name, fold in pairs(side.f) do
      if not told[name] and fold.u + fold.w < at then side.f[name] = nil end
    end
  end

  local function forget(gone)
    if flags >= 2 then drop_labels(raw, side) end
    if not writes or #gone == 0 then return end
    redis_call('SADD', key .. ':gone', unpack(gone))
    local extra = redis_call('SCARD', key .. ':gone') - GONE
    if extra > 0 then redis_call('SPOP', key .. ':gone', extra) end
    redis_call('PEXPIRE', key .. ':gone', GONE_MS)
  end

  local function told_columns()
    local n = 0
    for i = 1, size do
      if column[i] then n = n + 1 end
    end
    return n
  end

  -- How many events every told feature keeps; nil where they differ.
  local function kept_alike()
    local kept
    for i = 1, size do
      if column[i] then
        if kept and kept ~= kept_of(i) then return nil end
        kept = kept_of(i)
      end
    end
    return kept
  end

  -- The usual case: every record has every mark, so that the oldest records leave whole.
  local function fold_oldest(kept, writes)
    local gone, over = {}, max(0, total - kept)
    for i = 1, size do
      if column[i] then fold_feature(i, {}) end
    end
    for index = 1, over do
      local from = base + (index - 1) * width
      gone[index] = sub(raw, from + 9, from + STAMP)
    end
    raw = char(48 + flags) .. sub(raw, 2, 5) .. pack('>I2', total - over) .. sub(raw, HEAD + 1, base) .. sub(raw, base + over * width + 1)
    measure()
    forget(gone)
  end

  load_side()
  add_flag(1)
  dirty = true
  local kept = uniform and told_columns() == columns and kept_alike()
  if kept then
    fold_oldest(kept, writes)
    drop_folds()
    return
  end
  local marks, staying, gone, used, all = {}, {}, {}, rep('0', columns), true
  for i = 1, size do
    if column[i] then fold_feature(i, marks) end
  end
  for index = 1, total do
    local from = base + (index - 1) * width
    local mark = marks[index] or sub(raw, from + STAMP + 1, from + STAMP + columns)
    if is_told(mark) then
      staying[#staying + 1] = sub(raw, from + 1, from + STAMP) .. mark .. sub(raw, from + STAMP + columns + 1, from + width)
      if find(mark, '0', 1, true) then all = false end
      for c = 1, columns do
        if byte(mark, c) == 49 and byte(used, c) == 48 then used = sub(used, 1, c - 1) .. '1' .. sub(used, c + 1) end
      end
    else gone[#gone + 1] = sub(raw, from + 9, from + STAMP) end
  end
  raw = char(48 + flags) .. (all and '=' or '~') .. sub(raw, 3, 5) .. pack('>I2', #staying) .. sub(raw, HEAD + 1, base)
    .. concat(staying)
  dirty = true
  measure()
  for i = 1, size do
    if column[i] then used = sub(used, 1, column[i] - 1) .. '1' .. sub(used, column[i] + 1) end
  end
  if find(used, '0', 1, true) then
    local layout = {}
    for c = 1, columns do
      if byte(used, c) == 49 then layout[#layout + 1] = sub(raw, HEAD + 5 * c - 4, HEAD + 5 * c) end
    end
    layout_tools()(concat(layout))
    locate()
  end
  drop_folds()
  forget(gone)
end

