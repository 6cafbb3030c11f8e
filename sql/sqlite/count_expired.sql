-- Counts all sessions in the table, and those that are expired.
-- For `expire --max-fraction`.
SELECT COUNT(*), CAST(COALESCE(SUM(`max_inactive` > 0 AND `last_access` < :cutoff - min(`max_inactive`, 9000000000000000) * 1000), 0) AS INTEGER)
FROM `tomcat_sessions`
WHERE 1 = 1
  AND `app_name` IN (:apps) -- if apps
