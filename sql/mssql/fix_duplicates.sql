-- Deletes duplicate rows: the most recently used row of each session is kept.
-- Works on SQL Server 2005 and later.
WITH copies AS (
  SELECT ROW_NUMBER() OVER (PARTITION BY [session_id], [app_name] ORDER BY [last_access] DESC) AS n
  FROM [tomcat_sessions]
  WHERE [session_id] IS NOT NULL AND [app_name] IS NOT NULL
)
DELETE FROM copies WHERE n > 1
