-- Creates the index on the application.
-- Names of indexes are shared by the whole file here: the table's name is put before it.
CREATE INDEX IF NOT EXISTS `kapp_name` ON `tomcat_sessions` (`app_name`)
