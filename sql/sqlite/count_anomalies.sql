-- Counts rows that Tomcat cannot load or handles wrongly, in one scan.
-- For `check` and `tomcat lint`.
-- It must not return session data, or lock rows: it runs while Tomcat is writing.
SELECT COUNT(*), CAST(MAX(octet_length(`session_data`)) AS INTEGER),
  CAST(COALESCE(SUM(`session_data` IS NULL), 0) AS INTEGER), CAST(COALESCE(SUM(`app_name` IS NULL), 0) AS INTEGER),
  CAST(COALESCE(SUM(`max_inactive` IS NULL OR `last_access` IS NULL), 0) AS INTEGER),
  CAST(COALESCE(SUM(octet_length(`session_data`) IN (65535, 16777215)), 0) AS INTEGER),
  CAST(COALESCE(SUM(`max_inactive` <= 0), 0) AS INTEGER), CAST(COALESCE(SUM(`last_access` > :future), 0) AS INTEGER),
  CAST(COALESCE(SUM(`max_inactive` > 2147483), 0) AS INTEGER),
  CAST(COALESCE(SUM(CAST(substr(`session_data`, 1, 4) AS BLOB) <> x'ACED0005'), 0) AS INTEGER)
FROM `tomcat_sessions`
WHERE 1 = 1
  AND `session_id` >= :from_id -- if from_id
  AND `session_id` < :before_id -- if before_id
