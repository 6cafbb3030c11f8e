-- Grants only the necessary privileges, because whoever can write to this table can run code in Tomcat.
-- Tomcat's Store needs SELECT, INSERT and DELETE: DataSourceStore saves with DELETE and INSERT, and never updates.
GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO :user@:host
