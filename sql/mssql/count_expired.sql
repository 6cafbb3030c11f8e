-- Counts all sessions in the table, and those that are expired.
-- For `expire --max-fraction`.
-- Works on SQL Server 2005 and later.
SELECT COUNT_BIG(*), CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN CAST(1 AS BIGINT) ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [app_name] IN (:apps) -- if apps
