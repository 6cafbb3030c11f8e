-- Counts rows that Tomcat cannot load or handles wrongly, in one scan.
-- For `check` and `tomcat lint`.
-- It must not return session data, or lock rows: it runs while Tomcat is writing.
SELECT COUNT(*), CAST(MAX(LENGTH("session_data")) AS BIGINT),
  COUNT(*) FILTER (WHERE "session_data" IS NULL), COUNT(*) FILTER (WHERE "app_name" IS NULL),
  COUNT(*) FILTER (WHERE "max_inactive" IS NULL OR "last_access" IS NULL),
  COUNT(*) FILTER (WHERE LENGTH("session_data") IN (65535, 16777215)),
  COUNT(*) FILTER (WHERE "max_inactive" <= 0), COUNT(*) FILTER (WHERE "last_access" > :future),
  COUNT(*) FILTER (WHERE "max_inactive" > 2147483),
  COUNT(*) FILTER (WHERE SUBSTRING("session_data" FROM 1 FOR 4) <> DECODE('ACED0005', 'hex'))
FROM "tomcat_sessions"
WHERE 1 = 1
  AND "session_id" >= :from_id -- if from_id
  AND "session_id" < :before_id -- if before_id
