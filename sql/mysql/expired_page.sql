-- Reads keys of expired sessions in key order, for a table without an index on the expiry.
-- For `expire`.
-- It must not lock rows or read session data: lock_rows judges each row again.
-- The timeout is limited before it is multiplied: an overflow would fail the statement (error 1690).
-- page.sql explains FORCE INDEX.
-- The last column says whether the session had already expired when the grace period began.
SELECT `session_id`, `app_name`
  , `last_access` >= :grace_begins - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if grace_begins
FROM `tomcat_sessions`
  FORCE INDEX (`kapp_name`) -- if app_in_id_order
WHERE `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000
  AND `session_id` >= :after_id -- if after_id
  AND (`session_id` > :after_id OR `app_name` > :after_app OR (:after_app IS NULL AND `app_name` IS NOT NULL)) -- if after_id
  AND `app_name` IN (:apps) -- if apps
ORDER BY `session_id`
  , `app_name` -- if app_in_key
LIMIT :limit
