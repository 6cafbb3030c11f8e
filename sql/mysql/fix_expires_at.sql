-- Recreates the generated column with the expiry time.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL
