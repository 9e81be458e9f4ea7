-- Labels of accounts beside a log (see key-log); the part that observe-keys and label-key share. To an account that comes to the
-- key again its label is told again: the key itself has to know only those of accounts that it counts.
-- From so many on also those go that came since the log was last folded. What is left is no more than the log and its folds hold.
local MOST_LABELS = 256

-- Drops what the key has of accounts that are in the log no more, nor in what was folded of it.
local function drop_labels(log, known)
  local log_columns, log_ages, log_members = byte(log, 3, 5)
  local from, counted = 7 + 5 * log_columns + 12 * log_ages, {}
  local record, member_at = 16 + log_columns + 8 * log_members, from + 16 + log_columns + 1
  for c = 1, log_columns do
    local of_column = byte(log, 7 + 5 * c)
    if of_column == 108 then
      for position = member_at, #log, record do counted[sub(log, position, position + 7)] = true end
    end
    if of_column ~= 99 then member_at = member_at + 8 end
  end
  for _, fold in pairs(known.f) do
    for member in pairs(fold.m) do counted[member] = true end
  end
  for labelled in pairs(known.l) do
    if not counted[labelled] then known.l[labelled] = nil end
  end
end

-- A later label replaces an earlier one. False where it is known, or a later one.
local function learn_label(log, known, of_account, label, time)
  local before = known.l[of_account]
  if before and (time < before[2] or time == before[2] and label == before[1]) then return false end
  local count = 0
  for _ in pairs(known.l) do count = count + 1 end
  if count >= MOST_LABELS then drop_labels(log, known) end
  known.l[of_account] = { label, time }
  return true
end

