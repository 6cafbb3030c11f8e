-- Creates the index on the application.
-- Index names are unique in the whole file, so the name of the table precedes it.
CREATE INDEX IF NOT EXISTS `kapp_name` ON `tomcat_sessions` (`app_name`)
