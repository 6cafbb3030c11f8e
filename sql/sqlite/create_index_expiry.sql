-- Creates the index on the expiry.
-- It holds all that `tomcat-sessions expire` asks for, in the order in which it is read: no row is fetched and nothing
-- sorted. Rows that never expire (max_inactive of zero or below) have an expires_at in the past; max_inactive is in the
-- index, so that they are left out without being read.
CREATE INDEX IF NOT EXISTS `kexpires_at` ON `tomcat_sessions` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
