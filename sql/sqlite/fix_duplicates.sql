-- Deletes duplicate rows: the most recently used row of each session is kept.
DELETE FROM `tomcat_sessions`
WHERE rowid IN (
  SELECT copies.row FROM (
    SELECT rowid AS row,
      ROW_NUMBER() OVER (PARTITION BY `session_id`, `app_name` ORDER BY `last_access` DESC) AS n
    FROM `tomcat_sessions`
    WHERE `session_id` IS NOT NULL AND `app_name` IS NOT NULL
  ) AS copies
  WHERE copies.n > 1
)
