-- Locks sessions of one application by key, and reads their columns under the lock.
-- For every command that deletes, moves or replaces rows.
-- It must not lock rows that are not in the list, or wait for a row that Tomcat is writing.
-- READPAST skips rows that Tomcat is writing; under READ_COMMITTED_SNAPSHOT it requires READCOMMITTEDLOCK. At most 1,000
-- rows are locked at a time, because from 5,000 locks on the server may lock the whole table instead. FORCESEEK keeps the
-- server from scanning, and locking, a small table. It is omitted if an id is not ASCII: the server cannot seek such an id
-- in a VARCHAR column (error 8622).
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2008 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK -- if lock
    , FORCESEEK -- if seek
  )
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
  AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND [last_access] < :accessed_before -- if accessed_before
