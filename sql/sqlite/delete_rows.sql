-- Deletes sessions of one application by key; with bounds, only those that are still within them.
DELETE FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - min(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
