-- Most keys are seen once or twice: what little there is of them lies together in hashes that Redis keeps packed (a field of at
-- most 64 bytes each), and only what grows too large has a key of its own.
-- s2:{TT}     hash of all small entries whose key begins with these two characters; '#': number of hashes (2 bytes) and the time
--             until which they live (6 bytes, ms). With more entries there are more hashes beside it, s2:{TT}:1, s2:{TT}:2 …
--             (linear hashing: one is divided at a time).
-- Fields: RRRRRRRR a log of events, RRRRRRRRFFFFFF a burst or trusted accounts, @RRRRRRRR an account; what does not fit into a
-- field goes on in the same name with '+', '*', '!', '$', '%' behind it. A value begins with its lifetime (a character), then the time
-- of its newest event (a log keeps it elsewhere, see small-log); '>f', '>b', '>w' or '>a' says that there is a key of its own.
local redis_call, sub, byte, char, find = redis.call, string.sub, string.byte, string.char, string.find
local floor, ceil, max, min, concat = math.floor, math.ceil, math.max, math.min, table.concat
local pack, unpack_at, format = struct.pack, struct.unpack, string.format
-- CHUNK bytes fit a packed hash. From CROWD entries on, a hash is swept and divided; a crowd is looked for at one entry in eight.
-- The hashes themselves go 450 days after they were last told to live on: only where nobody comes any more.
local CHUNK, CROWD, MOST_CHUNKS, MOST_TIME, HASH_MS = 64, 80, 6, 2 ^ 48, 38880000000
local MORE = '+*!$%'
-- The entry at hand.
local root, bucket, hashes, alive_until
local clock_ms

local function clock()
  if not clock_ms then
    local time = redis_call('TIME')
    clock_ms = time[1] * 1000 + floor(time[2] / 1000)
  end
  return clock_ms
end

-- An hour times 2 ^ (n / 4), as the caller counts it: rounded up. In ms.
local function life_of(text)
  return 3600000 * 2 ^ ((byte(text, 1) - 64) / 4)
end

local function hash_of(field, count)
  local from = byte(field, 1) == 64 and 2 or 1
  local a, b, c, d = byte(field, from, from + 3)
  local number, size = a + 37 * b + 1369 * c + 50653 * d, 1
  while size * 2 <= count do size = size * 2 end
  local place = number % (2 * size)
  return place < count and place or number % size
end

local function named(index)
  return index == 0 and root or root .. ':' .. index
end

-- Its value, false when there is none; nil when something else is in its place.
local function open_entry(tag, field)
  root, bucket, hashes, alive_until = 's2:' .. tag, nil, 1, 0
  bucket = root
  local known = redis.pcall('HMGET', root, '#', field)
  if known.err then return nil end
  local value = known[2]
  if known[1] then
    hashes, alive_until = unpack_at('>I2I6', known[1])
    local index = hashes > 1 and hash_of(field, hashes) or 0
    if index > 0 then
      bucket = named(index)
      value = redis_call('HGET', bucket, field)
    end
  end
  if value and #value == CHUNK then
    for n = 1, MOST_CHUNKS - 1 do
      local next = redis_call('HGET', bucket, field .. sub(MORE, n, n))
      value = value .. (next or '')
      if not next or #next < CHUNK then break end
    end
  end
  return value
end

local function note(life)
  if life > 0 then alive_until = clock() + max(HASH_MS, ceil(life * 1.125)) end
  redis_call('HSET', root, '#', pack('>I2I6', hashes, alive_until))
  if life == 0 then return end
  for index = 0, hashes - 1 do redis_call('PEXPIREAT', named(index), alive_until) end
end

local function newest_of(field, value)
  if #field ~= 8 then return (unpack_at('>I6', value, 2)) end
  local shape = byte(value, 2)
  local ages = floor(shape / 8)
  local from = 3 + 10 * ages + 5 * (shape % 8)
  if #value < from + 5 then return ages > 0 and unpack_at('>I6', value, 7) or 0 end
  return (unpack_at('>I6', value, from))
end

-- What is over by `now` goes; a hash that is crowded all the same is divided. A function of its own for what is rarely needed: each
-- call of a script makes all functions anew that are not inside another.
local function sweep_and_divide(now)
  -- The key of its own that an entry stands for.
  local function own_key(kind, tag, field)
    local prefix = kind .. '2:' .. tag
    if kind == 'f' then return prefix .. field end
    if kind == 'a' then return prefix .. sub(field, 2) end
    return prefix .. sub(field, 1, 8) .. ':' .. sub(field, 9)
  end

  -- Nothing of it can be read any more at `now`.
  local function is_over(field, value)
    if byte(value, 1) == 62 then
      local kind = sub(value, 2)
      return redis_call('EXISTS', own_key(kind, sub(root, 4), field)) == 0
    end
    return newest_of(field, value) + life_of(value) < now
  end

  local function is_first(field)
    return byte(field, -1) > 44
  end

  -- The fields of a hash, entry by entry: calls visit(field, value, all).
  local function each_entry(name, visit)
    local list, all, count = redis_call('HGETALL', name), {}, 0
    for i = 1, #list, 2 do all[list[i]] = list[i + 1] end
    for field, value in pairs(all) do
      if is_first(field) then
        count = count + 1
        visit(field, value, all)
      end
    end
    return count
  end

  local function parts_of(field, all)
    local fields = { field }
    for n = 1, #MORE do
      if not all[field .. sub(MORE, n, n)] then break end
      fields[#fields + 1] = field .. sub(MORE, n, n)
    end
    return fields
  end

  local function sweep()
    local gone = {}
    local count = each_entry(bucket, function(field, value, all)
      if is_over(field, value) then
        for _, part in ipairs(parts_of(field, all)) do gone[#gone + 1] = part end
      end
    end)
    for from = 1, #gone, 100 do redis_call('HDEL', bucket, unpack(gone, from, min(from + 99, #gone))) end
    return count - #gone
  end

  local function divide()
    local size = 1
    while size * 2 <= hashes do size = size * 2 end
    local from, to = named(hashes - size), named(hashes)
    redis_call('HSET', to, '#', '')
    each_entry(from, function(field, _, all)
      if hash_of(field, hashes + 1) ~= hashes then return end
      local parts = parts_of(field, all)
      for _, part in ipairs(parts) do redis_call('HSET', to, part, all[part]) end
      redis_call('HDEL', from, unpack(parts))
    end)
    redis_call('PEXPIREAT', to, alive_until)
    hashes = hashes + 1
    note(0)
  end

  if sweep() > CROWD / 2 then
    divide()
    divide()
  end
end

-- `at` is the event's: what is over by then is over, unless it comes from the future.
local function tidy(at)
  if redis_call('HLEN', bucket) > CROWD and hashes < 65535 then sweep_and_divide(min(at, clock())) end
end

-- Writes the entry that was opened. `before` is its value until now, `life` in ms.
local function put_entry(field, value, before, life, at)
  local added
  if #value <= CHUNK then added = redis_call('HSET', bucket, field, value)
  else
    local list = { field, sub(value, 1, CHUNK) }
    for n = 1, ceil(#value / CHUNK) - 1 do
      list[#list + 1] = field .. sub(MORE, n, n)
      list[#list + 1] = sub(value, n * CHUNK + 1, (n + 1) * CHUNK)
    end
    added = redis_call('HSET', bucket, unpack(list))
  end
  for n = ceil(#value / CHUNK), before and ceil(#before / CHUNK) - 1 or 0 do redis_call('HDEL', bucket, field .. sub(MORE, n, n)) end
  if alive_until < clock() + life then note(life) end
  if added > 0 and byte(field, 8) % 8 == 0 then tidy(at) end
end

