-- Counts the rows that hold a session which another row holds too, the first row of each apart.
SELECT CAST(COALESCE(SUM(copies.n - 1), 0) AS BIGINT)
FROM (
  SELECT COUNT(*) AS n FROM "tomcat_sessions"
  WHERE "session_id" IS NOT NULL AND "app_name" IS NOT NULL
  GROUP BY "session_id", "app_name" HAVING COUNT(*) > 1
) AS copies
