-- Deletes sessions of one application by key; with bounds, only those that are still within them.
-- COALESCE hides the application from the optimizer: with statistics that are stale, or few sessions in the application,
-- it would come by the index on the application instead of by the key, and read and lock all of them for each batch.
-- The rows are locked already. In a small table the optimizer would rather scan, and wait there for the rows that were
-- left out because others had locked them: hence FORCE INDEX, which DELETE takes only in the form for several tables.
DELETE `tomcat_sessions` FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
