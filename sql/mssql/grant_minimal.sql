-- Grants only the privileges that Tomcat's Store needs: it selects, inserts and deletes, and never updates
-- (DataSourceStore saves with DELETE and INSERT). Whoever can write to this table can run code in Tomcat.
-- Works on SQL Server 2005 and later.
GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat_account]
