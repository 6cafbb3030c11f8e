-- Creates the index on the application.
-- In SQLite, index names are unique in the whole file. Therefore the name of the index begins with that of the table.
CREATE INDEX IF NOT EXISTS `kapp_name` ON `tomcat_sessions` (`app_name`)
