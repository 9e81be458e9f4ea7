-- What an account counts for; the first part of touch-account, label-account and stand-account, behind small-entries.
-- a2:{TT}RRRRRRRR is a text of ';e' event (8 characters) bucket (8) and 64 times its width (8) {KEY (10) FEATURE (6)} for each
--     event in bursts (and each width of their buckets), ';w' KEY FEATURE for each key that may trust it, ';l' KEY for each log
--     that a label has to reach. As long as it is short, it lies in a hash, behind a lifetime and the time of the last event.
-- a2:{TT}RRRRRRRR:known is what is known of the account (hash: label, at, standing, since, was_out).
local field = '@' .. sub(KEYS[1], 8)
local entry = false

local function account_text()
  entry = open_entry(sub(KEYS[1], 4, 7), field)
  if entry == '>a' then return redis_call('GET', KEYS[1]) or '' end
  return entry and sub(entry, 8) or ''
end

