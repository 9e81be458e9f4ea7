-- Remembers what an account counts for, so that a later label or standing reaches it, and tells what is known of the account.
-- KEYS[1] what it counts for: a text of ';e' event (10 characters) bucket (10) {KEY (10) FEATURE (6)} for each event in bursts
--      (and each width of their buckets), ';w' KEY FEATURE for each key that may trust it, ';l' key for each log that a label has to reach
--      KEYS[2] what is known of it (hash: label, at, standing, since, was_out); same hash tag
-- ARGV 1 event, 2 lifetime ms, 3 ';e…' of this event ('' where it is in no burst), then ';w…' and ';l…' (without any of these
--      it only reads)
-- returns {label, at, standing, since, was out}, false where nothing is known
local MOST = 8192
local find = string.find
local known = #ARGV > 2 and redis.call('GET', KEYS[1]) or ''
local text = known
if #ARGV > 2 and ARGV[3] ~= '' and not find(text, ';e' .. ARGV[1], 1, true) then text = text .. ARGV[3] end
for i = 4, #ARGV do
  if not find(text .. ';', ARGV[i] .. ';', 1, true) then text = text .. ARGV[i] end
end
-- The oldest events go first: labels reach all keys.
while #text > MOST and find(text, ';e', 1, true) do text = string.gsub(text, ';e[^;]*', '', 1) end
if text ~= known then
  redis.call('SET', KEYS[1], text, 'PX', math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[2])))
end
return redis.call('HMGET', KEYS[2], 'label', 'at', 'standing', 'since', 'was_out')
