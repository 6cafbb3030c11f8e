-- Reads which member of the group takes writes.
-- An availability group names its members by the names of their instances. It takes the privilege VIEW SERVER STATE.
-- SQL Server 2012 and later.
SELECT TOP (1) s.primary_replica
FROM sys.dm_hadr_availability_group_states AS s
  JOIN sys.availability_databases_cluster AS d ON d.group_id = s.group_id
WHERE d.database_name = DB_NAME()
