-- Grants only the necessary privileges, because whoever can write to this table can run code in Tomcat.
-- Tomcat's Store needs SELECT, INSERT and DELETE: DataSourceStore saves with DELETE and INSERT, and never updates.
-- Works on SQL Server 2005 and later.
GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat_account]
