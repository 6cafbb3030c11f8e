-- Locks the sessions whose keys were loaded and reads their columns as they are under the lock.
-- A thousand parameters would take the server longer than the rest of an insert. LOOP and FORCESEEK (SQL Server 2008) have
-- it come by the key: a plan that reads the table would lock all of it. lock_rows.sql says why the other hints.
-- SQL Server 2008 and later.
SELECT t.[session_id], t.[app_name], t.[valid_session], t.[max_inactive], t.[last_access], CAST(DATALENGTH(t.[session_data]) AS BIGINT)
FROM #tomcat_keys k
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK -- if lock
    , FORCESEEK -- if primary
  )
  ON t.[session_id] = k.id AND (t.[app_name] = k.app OR (t.[app_name] IS NULL AND k.app IS NULL))
