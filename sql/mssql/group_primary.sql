-- Reads which member of the group accepts writes.
-- For every command that writes and has reached another member.
-- It must not fail where the account may not read it: then the primary is unknown.
-- An availability group uses the instance names of its members. The view requires VIEW SERVER STATE.
-- Works on SQL Server 2012 and later.
SELECT TOP (1) s.primary_replica
FROM sys.dm_hadr_availability_group_states AS s
  JOIN sys.availability_databases_cluster AS d ON d.group_id = s.group_id
WHERE d.database_name = DB_NAME()
