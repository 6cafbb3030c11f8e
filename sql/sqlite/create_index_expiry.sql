-- Creates the index on the expiry time.
-- `tomcat-sessions expire` reads the rows in the order of this index, so that SQLite need not sort them. Rows that never
-- expire (max_inactive of 0 or less) have an expires_at in the past. SQLite does not use an index as a covering index
-- if a generated column is read, and fetches each row that it finds.
CREATE INDEX IF NOT EXISTS `kexpires_at` ON `tomcat_sessions` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
