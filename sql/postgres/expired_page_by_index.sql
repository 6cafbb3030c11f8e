-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- For `expire`.
-- It must not lock rows or read the table: lock_rows judges each row again.
-- The expression is that of the index (create_index_expiry.sql), word for word.
-- The last column is true if the session expired within the grace period.
SELECT "session_id", "app_name", "last_access" + "max_inactive" * 1000
  , "last_access" + "max_inactive" * 1000 >= :grace_begins -- if grace_begins
FROM "tomcat_sessions"
WHERE "app_name" = :app AND "last_access" + "max_inactive" * 1000 < :cutoff AND "max_inactive" > 0
  AND "last_access" + "max_inactive" * 1000 >= :after_expiry -- if after_id
  AND ("last_access" + "max_inactive" * 1000 > :after_expiry OR "session_id" > :after_id) -- if after_id
ORDER BY "last_access" + "max_inactive" * 1000, "session_id"
LIMIT :limit
