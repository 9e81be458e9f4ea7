#!lua
-- Writes nothing. A script that is not flagged as read-only is refused before it runs by a server that would refuse to write.
-- returns 1
return 1
