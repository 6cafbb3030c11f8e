-- Tells whether the server takes no writes: a replica, or a secondary of a group.
-- It reads a table of the server's own, since a Galera node without a majority answers whatever needs none.
SELECT CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF') FROM information_schema.schemata LIMIT 1
