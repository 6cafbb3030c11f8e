-- Creates the index on the expiry.
-- It is in the order in which `tomcat-sessions expire` reads, so that nothing is sorted. Rows that never expire
-- (max_inactive of zero or below) have an expires_at in the past. SQLite takes no index for complete where a generated
-- column is asked for, and goes to the row for each that it finds.
CREATE INDEX IF NOT EXISTS `kexpires_at` ON `tomcat_sessions` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
