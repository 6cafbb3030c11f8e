-- Reads the columns of sessions of one application by key, including rows that others have locked.
-- For `expire`, `delete` and `migrate`, to report why a row was kept.
-- It must not replace lock_rows before a deletion: it takes no locks.
-- READUNCOMMITTED, because the statement would otherwise wait for locked rows. The result is only reported.
-- Works on SQL Server 2005 and later.
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (READUNCOMMITTED)
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
