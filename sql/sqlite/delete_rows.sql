-- Deletes sessions of one application by key; with bounds, only those that still meet them.
-- For `expire`, `delete`, `logout`, `swap-out`, `swap-in`, `migrate` and `import`, after lock_rows.
-- It must not delete rows of another application, or rows outside the bounds.
DELETE FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - min(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
