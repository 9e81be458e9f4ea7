-- Remembers what an account counts for, so that a later label or standing reaches it, and tells what is known of the account.
-- KEYS[1] what it counts for, KEYS[2] what is known of it (see account-entry); same hash tag
-- ARGV 1 event, 2 lifetime ms, 3 the same as small-entries has it, 4 event time ms, 5 ';e…' of this event ('' where it is in no
--      burst), then ';w…' and ';l…' (without any of these it only reads)
-- returns {label, at, standing, since, was out}, false where nothing is known
local MOST, MOST_SMALL = 8192, 370
local gmatch = string.gmatch

local function keep_text(text)
  local lifetime, at = tonumber(ARGV[2]), tonumber(ARGV[4])
  if entry ~= '>a' and #text <= MOST_SMALL and at >= 0 and at < MOST_TIME then
    local life = entry and byte(entry) > byte(ARGV[3]) and sub(entry, 1, 1) or ARGV[3]
    local seen = entry and max(at, newest_of(field, entry)) or floor(at)
    put_entry(field, life .. pack('>I6', seen) .. text, entry, lifetime, at)
    return
  end
  local left = max(redis_call('PTTL', KEYS[1]), lifetime, entry and entry ~= '>a' and life_of(entry) or 0)
  redis_call('SET', KEYS[1], text, 'PX', ceil(left))
  if entry ~= '>a' then put_entry(field, '>a', entry, left, at)
  elseif alive_until < clock() + left then note(left) end
end

-- Of this event what the text does not have yet: it can be told again under other keys, or for other features.
local function new_records(text)
  if not find(text, ';e' .. ARGV[1], 1, true) then return ARGV[5] end
  local known, out = {}, ''
  for record in gmatch(text, ';e([^;]*)') do
    if sub(record, 1, 8) == ARGV[1] then
      for from = 25, #record, 16 do known[sub(record, from, from + 15)] = true end
    end
  end
  for record in gmatch(ARGV[5], ';e([^;]*)') do
    local keys = ''
    for from = 25, #record, 16 do
      local key = sub(record, from, from + 15)
      if not known[key] then keys = keys .. key end
    end
    if keys ~= '' then out = out .. ';e' .. sub(record, 1, 24) .. keys end
  end
  return out
end

if #ARGV > 4 then
  local known = account_text()
  local text = known .. new_records(known)
  for i = 6, #ARGV do
    if not find(text .. ';', ARGV[i] .. ';', 1, true) then text = text .. ARGV[i] end
  end
  -- The oldest events go first: labels reach all keys.
  while #text > MOST and find(text, ';e', 1, true) do text = string.gsub(text, ';e[^;]*', '', 1) end
  if text ~= known then keep_text(text) end
end
return redis_call('HMGET', KEYS[2], 'label', 'at', 'standing', 'since', 'was_out')
