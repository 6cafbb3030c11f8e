-- Locks the sessions whose keys were loaded, and reads their columns under the lock.
-- For `import`, `migrate`, `swap-out` and `swap-in` with many keys.
-- It must not lock rows that are not in the list of keys.
-- A thousand parameters would take longer than the rest of an insert. LOOP and FORCESEEK (SQL Server 2008) enforce lookups
-- by the key: a plan that scans would lock the whole table. lock_rows.sql explains the other hints.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2008 and later.
SELECT CAST(t.[session_id] AS NVARCHAR(4000)), CAST(t.[app_name] AS NVARCHAR(4000)), CAST(t.[valid_session] AS NVARCHAR(4000)), t.[max_inactive], t.[last_access], CAST(DATALENGTH(t.[session_data]) AS BIGINT)
FROM #tomcat_keys k
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK -- if lock
    , FORCESEEK -- if primary
  )
  ON t.[session_id] = k.id AND (t.[app_name] = k.app OR (t.[app_name] IS NULL AND k.app IS NULL))
