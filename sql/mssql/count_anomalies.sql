-- Counts rows that Tomcat cannot load or handles wrongly, in one scan.
-- For `check` and `tomcat lint`.
-- It must not return session data, or lock rows: it runs while Tomcat is writing.
-- Works on SQL Server 2005 and later.
SELECT COUNT_BIG(*), CAST(MAX(DATALENGTH([session_data])) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [session_data] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [app_name] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] IS NULL OR [last_access] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN DATALENGTH([session_data]) IN (65535, 16777215) THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] <= 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [last_access] > :future THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 2147483 THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN CAST(SUBSTRING([session_data], 1, 4) AS VARBINARY(4)) <> 0xACED0005 THEN 1 ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= :from_id -- if from_id
  AND [session_id] < :before_id -- if before_id
