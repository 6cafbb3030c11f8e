-- Deletes sessions of one application by key; with bounds, only those that are still within them.
-- The rows are locked already. In a small table the optimizer may scan: READPAST keeps it from waiting there for the rows
-- that were left out because others had locked them, and wants READCOMMITTEDLOCK under READ_COMMITTED_SNAPSHOT.
-- SQL Server 2005 and later.
DELETE FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
  AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > 9000000000000000 THEN 9000000000000000 ELSE CAST([max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND [last_access] < :accessed_before -- if accessed_before
