-- The last part of the script observe-baselines: trusted accounts, then key by key.

local function is_younger(one, other)
  if one.since ~= other.since then return one.since > other.since end
  return one.account > other.account
end

local MOST_TRUSTED = 4

-- A small entry: lifetime, time of the last event, then the text.
local function keep_trusted(known, life)
  local lasts = window + TRUST_MS + DAY
  if entry ~= '>w' and #known <= EVENT * MOST_TRUSTED then
    local seen = entry and max(at, newest_of(field, entry)) or at
    put_entry(field, life .. pack('>I6', seen) .. known, entry, lasts, at)
    return
  end
  redis_call('SET', key, known, 'PX', lasts)
  if entry ~= '>w' then put_entry(field, '>w', entry, lasts, at)
  elseif alive_until < clock() + lasts then note(lasts) end
end

-- True when the account would take the place of another, which waits until it is known that it was never out.
local function trust(known, found, first, of)
  local record, life = pack('>I6', first) .. account, sub(of, 3)
  local youngest = found.youngest
  if found.mine then known = sub(known, 1, found.mine - 1) .. record .. sub(known, found.mine + EVENT)
  elseif #known < EVENT * baseline then known = known .. record
  elseif is_younger(youngest, { since = first, account = account }) then
    if byte(of, 2) ~= 50 then return true end
    known = sub(known, 1, youngest.from - 1) .. record .. sub(known, youngest.from + EVENT)
  end
  keep_trusted(known, life)
end

function kinds.w(text, of)
  local known, own, first, n, found = text or entry and entry ~= '>w' and sub(entry, 8) or '', byte(of, 2) ~= 48, since, 0, {}
  -- Whoever was out is listed beside a key of its own.
  if own and entry == '>w' and redis_call('SISMEMBER', key .. ':x', account) == 1 then own = false end
  for from = 1, #known, EVENT do
    local one = { from = from, since = unpack_at('>I6', known, from), account = sub(known, from + 6, from + 13) }
    if own and one.account == account then found.mine, first = from, min(one.since, since)
    elseif one.since < at - window then n = n + 1 end
    if not found.youngest or is_younger(one, found.youngest) then found.youngest = one end
  end
  if own and first < at - window then n = n + 1 end
  say(min(n, baseline))
  if own and write and trust(known, found, first, of) then answer[n_answers] = answer[n_answers] .. '!' end
end

local function is_unknown(of)
  for _ = 1, sub(of, 1, 1) == 't' and 2 * (#of - 1) / 7 or sub(of, 1, 1) == 'k' and 4 or 1 do
    n_answers = n_answers + 1
    answer[n_answers] = '?'
  end
end

-- The text of a key of its own; of others `entry` has all there is. A table when something else is in its place.
local function read_key(of)
  entry, field = nil, nil
  if byte(of) == 116 then return redis.pcall('GET', key) end
  field = sub(key, 8, 15) .. sub(key, 17)
  entry = open_entry(sub(key, 4, 7), field)
  if entry == nil then return {} end
  return byte(entry or '') == 62 and redis.pcall('GET', key)
end

for n = 1, #KEYS do
  local of = ARGV[5 + 3 * n]
  key, window, baseline = KEYS[n], tonumber(ARGV[6 + 3 * n]), tonumber(ARGV[7 + 3 * n])
  part_ms, bucket_ms = window / PARTS, max(window / 4, baseline / 64)
  local text = read_key(of)
  if type(text) == 'table' then is_unknown(of)
  else kinds[sub(of, 1, 1)](text, of) end
end
return concat(answer, ' ')
