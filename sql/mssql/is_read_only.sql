-- Tells whether the server takes no writes: a replica, or a secondary of a group.
-- A secondary of an availability group is not updateable; one that is not readable refuses the login.
-- SQL Server 2012 and later.
SELECT CASE WHEN CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS VARCHAR(20)) = 'READ_ONLY' THEN 1 ELSE 0 END
