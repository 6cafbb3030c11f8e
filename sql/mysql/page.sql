-- Reads a page of sessions in key order, without their blobs; or with those of at most so many bytes.
-- MariaDB's LIKE over an index with a binary collation misses ids in which a character beyond U+FFFF follows the prefix.
-- Of one application the optimizers read all index entries before a later page, or all of the application's and sort them: a
-- table would be listed in the square of its rows. With FORCE INDEX they begin at application and id, which InnoDB keeps there.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
  , CASE WHEN LENGTH(`session_data`) <= :whole_to THEN `session_data` END -- if whole_to
FROM `tomcat_sessions`
  FORCE INDEX (`kapp_name`) -- if app_in_id_order
WHERE 1 = 1
  AND `session_id` >= :after_id -- if after_id
  AND (`session_id` > :after_id OR `app_name` > :after_app OR (:after_app IS NULL AND `app_name` IS NOT NULL)) -- if after_id
  AND `session_id` >= :from_id -- if from_id
  AND `session_id` < :before_id -- if before_id
  AND `session_id` LIKE CONCAT(REPLACE(REPLACE(REPLACE(:id_prefix, '!', '!!'), '%', '!%'), '_', '!_'), '%') ESCAPE '!' -- if id_prefix
  AND `app_name` IN (:apps) -- if apps
  AND `max_inactive` > 0 AND `last_access` < :expired_before - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if expired_before
  AND `last_access` < :accessed_before -- if accessed_before
  AND `last_access` >= :accessed_from -- if accessed_from
  AND LENGTH(`session_data`) > :larger_than -- if larger_than
  AND (LENGTH(`session_data`) < :smaller_than OR `session_data` IS NULL) -- if smaller_than
ORDER BY `session_id`
  , `app_name` -- if app_in_key
  , `last_access` DESC, LENGTH(`session_data`) DESC, `max_inactive` DESC, `valid_session` DESC -- if with_duplicates
LIMIT :limit
