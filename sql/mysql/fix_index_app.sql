-- Adds the index on the application.
ALTER TABLE `tomcat_sessions` ADD INDEX `kapp_name` (`app_name`)
