-- Grants what Tomcat's store uses and nothing else: it selects, inserts and deletes, and never updates
-- (DataSourceStore saves by DELETE and INSERT). Whoever can write this table can run code in Tomcat.
-- SQL Server 2005 and later.
GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat_account]
