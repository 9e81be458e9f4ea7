-- Writes what people and verifications made of an account.
-- KEYS[1] the account (hash; see remember-account)
-- ARGV 1 lifetime ms, then in pairs: field, value
-- returns 1
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
