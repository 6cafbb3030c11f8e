-- Checks whether the server refuses writes: a replica, or a secondary of a group.
-- For every command that has several hosts to choose from.
-- It reads a system table, because a Galera node without a majority answers queries that read no table.
SELECT CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF') FROM information_schema.schemata LIMIT 1
