-- Grants only the privileges that Tomcat's Store needs: it selects, inserts and deletes, and never updates
-- (DataSourceStore saves with DELETE and INSERT). Whoever can write to this table can run code in Tomcat.
GRANT SELECT, INSERT, DELETE ON `tomcat`.`tomcat_sessions` TO :user@:host
