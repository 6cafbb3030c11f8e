-- Copies sessions of one application into the other table by key; the originals are deleted in the same transaction.
-- For `swap-out` and `swap-in` within one database.
-- It must not copy a row that is not locked by this transaction.
-- The rows are already locked. READPAST keeps a scan, which the optimizer may choose for a small table, from waiting for
-- skipped rows. lock_rows.sql explains the other hints.
-- Works on SQL Server 2008 and later.
INSERT INTO [tomcat_sessions_swapped] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data]
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK
    , FORCESEEK -- if seek
  )
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
  AND [last_access] < :accessed_before -- if accessed_before
