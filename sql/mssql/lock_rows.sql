-- Locks sessions of one application by key and reads their columns as they are under the lock.
-- A row that Tomcat is writing at this moment is left out, not waited for: READPAST, which wants READCOMMITTEDLOCK under
-- READ_COMMITTED_SNAPSHOT. At most 1,000 rows are locked at a time, since from 5,000 locks on the server may take the
-- whole table instead.
-- SQL Server 2005 and later.
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (UPDLOCK, ROWLOCK, READPAST, READCOMMITTEDLOCK) -- if lock
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
  AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > 9000000000000000 THEN 9000000000000000 ELSE CAST([max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND [last_access] < :accessed_before -- if accessed_before
