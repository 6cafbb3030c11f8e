-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- For `expire`.
-- It must not lock rows or read the table: lock_rows judges each row again.
-- Sessions that never expire have an expires_at in the past; max_inactive is in the index, so that they are skipped there.
-- The last column says whether the session had already expired when the grace period began.
SELECT `session_id`, `app_name`, `expires_at`
  , `expires_at` >= :grace_begins -- if grace_begins
FROM `tomcat_sessions`
WHERE `app_name` = :app AND `expires_at` < :cutoff AND `max_inactive` > 0
  AND `expires_at` >= :after_expiry -- if after_id
  AND (`expires_at` > :after_expiry OR `session_id` > :after_id) -- if after_id
ORDER BY `expires_at`, `session_id`
LIMIT :limit
