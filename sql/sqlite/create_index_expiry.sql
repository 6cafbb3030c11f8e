-- Creates the index on the expiry.
CREATE INDEX IF NOT EXISTS `kexpires_at` ON `tomcat_sessions` (`app_name`, `expires_at`, `max_inactive`)
