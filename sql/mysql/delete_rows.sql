-- Deletes sessions of one application by key; with bounds, only those that still meet them.
-- For `expire`, `delete`, `logout`, `swap-out`, `swap-in`, `migrate` and `import`, after lock_rows.
-- It must not delete rows of another application, or rows outside the bounds.
-- COALESCE hides the application from the optimizer. With stale statistics, or few sessions in the application, it would
-- use the index on the application instead of the key, and read and lock all of its rows for each batch.
-- The rows are already locked. In a small table the optimizer would prefer a scan, which would wait for rows that were
-- skipped because others had locked them: hence FORCE INDEX, which DELETE accepts only in its multi-table form.
DELETE `tomcat_sessions` FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
