-- Reads sessions with the SHA-256 of their data, so that the data need not travel: a page in key order, or a list of ids.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`), UNHEX(SHA2(`session_data`, 256))
FROM `tomcat_sessions`
WHERE 1 = 1
  AND `session_id` >= :after_id -- if after_id
  AND (`session_id` > :after_id OR COALESCE(`app_name`, '') > COALESCE(:after_app, '')) -- if after_id
  AND `session_id` IN (:ids) -- if ids
ORDER BY `session_id`
  , `app_name` -- if app_in_key
LIMIT :limit
