-- Counts all sessions in the table, and those that are expired.
-- For `expire --max-fraction`.
SELECT COUNT(*), COUNT(*) FILTER (WHERE "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000)
FROM "tomcat_sessions"
WHERE 1 = 1
  AND "app_name" IN (:apps) -- if apps
