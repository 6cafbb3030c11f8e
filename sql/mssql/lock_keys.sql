-- Locks the sessions whose keys were loaded and reads their columns as they are under the lock.
-- A thousand parameters would take the server longer than the rest of an insert. LOOP and FORCESEEK (SQL Server 2008) have
-- it come by the key: a plan that reads the table would lock all of it. lock_rows.sql says why the other hints.
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2008 and later.
SELECT CAST(t.[session_id] AS NVARCHAR(4000)), CAST(t.[app_name] AS NVARCHAR(4000)), CAST(t.[valid_session] AS NVARCHAR(4000)), t.[max_inactive], t.[last_access], CAST(DATALENGTH(t.[session_data]) AS BIGINT)
FROM #tomcat_keys k
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK -- if lock
    , FORCESEEK -- if primary
  )
  ON t.[session_id] = k.id AND (t.[app_name] = k.app OR (t.[app_name] IS NULL AND k.app IS NULL))
