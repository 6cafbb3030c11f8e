-- Counts the rows whose session another row also holds, not counting the first row of each session.
-- For `check`, and `export`, `migrate` and `verify` of a table without a key.
-- Works on SQL Server 2005 and later.
SELECT CAST(COALESCE(SUM(copies.n - 1), 0) AS BIGINT)
FROM (
  SELECT COUNT_BIG(*) AS n FROM [tomcat_sessions]
  WHERE [session_id] IS NOT NULL AND [app_name] IS NOT NULL
  GROUP BY [session_id], [app_name] HAVING COUNT_BIG(*) > 1
) AS copies
