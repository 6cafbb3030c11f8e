-- Checks whether the server refuses writes: a replica, or a secondary of a group.
-- For every command that has several hosts to choose from.
-- A secondary of an availability group is not updateable; a secondary that is not readable refuses the login.
-- Works on SQL Server 2012 and later.
SELECT CASE WHEN CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS VARCHAR(20)) = 'READ_ONLY' THEN 1 ELSE 0 END
