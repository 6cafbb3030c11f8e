-- Reads keys of expired sessions in key order, for a table without an index on the expiry.
-- For `expire`.
-- It must not lock rows or read session data: lock_rows judges each row again.
-- No locks are taken and no data are read. The timeout is clamped before the multiplication, because an overflow would
-- make the statement fail (error 22003). The last column is true if the session expired within the grace period.
SELECT "session_id", "app_name"
  , "last_access" >= :grace_begins - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if grace_begins
FROM "tomcat_sessions"
WHERE "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000
  AND "session_id" >= :after_id -- if after_id
  AND ("session_id" > :after_id OR "app_name" > :after_app OR (:after_app IS NULL AND "app_name" IS NOT NULL)) -- if after_id
  AND "app_name" IN (:apps) -- if apps
ORDER BY "session_id"
  , "app_name" NULLS FIRST -- if app_in_key
LIMIT :limit
