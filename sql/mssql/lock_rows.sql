-- Locks sessions of one application by key and reads their columns as they are under the lock.
-- A row that Tomcat is writing at this moment is left out, not waited for: READPAST, which wants READCOMMITTEDLOCK under
-- READ_COMMITTED_SNAPSHOT. At most 1,000 rows are locked at a time, since from 5,000 locks on the server may take the
-- whole table instead; FORCESEEK keeps the server from reading, and locking, a small table as a whole. It is left out where an
-- id is not ASCII: such a one may not be sought in a VARCHAR column (error 8622).
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2008 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK -- if lock
    , FORCESEEK -- if seek
  )
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
  AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND [last_access] < :accessed_before -- if accessed_before
