-- Reads the columns of sessions of one application by key, those too that others have locked.
-- READUNCOMMITTED, since others would be waited for: what is read is told to people, and nothing is done by it.
-- SQL Server 2005 and later.
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (READUNCOMMITTED)
WHERE [session_id] IN (:ids) AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
