-- A log that is small enough for a field of a hash (see small-entries): its lifetime, number of columns + 8 times that of ages (a
-- byte), ages {id (4), first seen (6 bytes)}, columns {id, kind}, then its records, the newest first: time (6 bytes), event (8),
-- which columns have a mark (a bit each), and, where columns have members, in which of them the member is the same as in the
-- record before or else as the last one of this record (a bit each); then the other members (8 each).
local MOST_SMALL, MOST_COLUMNS, MOST_AGES, NOBODY = 160, 7, 4, '        '

local function has_bit(bits, n)
  return floor(bits / 2 ^ (n - 1)) % 2 == 1
end

-- As key-log has it.
local function unfold_small(value)
  local shape = byte(value, 2)
  local columns, ages = shape % 8, floor(shape / 8)
  local from, age_text = 3 + 10 * ages, ''
  for at = 3, 3 + 10 * (ages - 1), 10 do
    age_text = age_text .. sub(value, at, at + 3) .. pack('>d', (unpack_at('>I6', value, at + 4)))
  end
  local layout = sub(value, from, from + 5 * columns - 1)
  local members, all, last, out = 0, true, {}, {}
  for c = 1, columns do
    if byte(layout, 5 * c) ~= 99 then members = members + 1 end
  end
  from = from + 5 * columns
  while from <= #value do
    local marks, same = byte(value, from + 14), members > 0 and byte(value, from + 15) or 0
    local text, rest, previous, next = '', '', NOBODY, from + (members > 0 and 16 or 15)
    for c = 1, columns do
      local marked = has_bit(marks, c)
      text, all = text .. (marked and '1' or '0'), all and marked
      if byte(layout, 5 * c) ~= 99 then
        local member = NOBODY
        if marked then
          if has_bit(same, c) then member = last[c] or previous
          else
            member = sub(value, next, next + 7)
            next = next + 8
          end
          last[c], previous = member, member
        end
        rest = rest .. member
      end
    end
    table.insert(out, 1, pack('>d', (unpack_at('>I6', value, from))) .. sub(value, from + 6, from + 13) .. text .. rest)
    from = next
  end
  return '0' .. (all and '=' or '~') .. char(columns, ages, members) .. '\0\0' .. layout .. age_text .. concat(out)
end

local function is_time(at)
  return at >= 0 and at < MOST_TIME and at % 1 == 0
end

