-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- Sessions that never expire have an expires_at in the past; max_inactive stands in the index to sort them out there.
-- The last column says whether a session expired when the grace began, or later.
SELECT `session_id`, `app_name`, `expires_at`
  , `expires_at` >= :grace_begins -- if grace_begins
FROM `tomcat_sessions`
WHERE `app_name` = :app AND `expires_at` < :cutoff AND `max_inactive` > 0
  AND `expires_at` >= :after_expiry -- if after_id
  AND (`expires_at` > :after_expiry OR `session_id` > :after_id) -- if after_id
ORDER BY `expires_at`, `session_id`
LIMIT :limit
