-- Grants only the privileges that Tomcat's Store needs: it selects, inserts and deletes, and never updates
-- (DataSourceStore saves with DELETE and INSERT). Whoever can write to this table can run code in Tomcat.
-- PostgreSQL locks rows (SELECT … FOR UPDATE) only for accounts that may update a column: `expire` leaves out what Tomcat is
-- saving, and does not wait for it, where one column may be updated. It is the one that Tomcat writes and never reads.
-- CONNECT is granted by name, since this script takes it from everybody where it creates the database.
REVOKE ALL ON TABLE "tomcat_sessions" FROM PUBLIC;
GRANT CONNECT ON DATABASE "tomcat" TO "tomcat_account";
GRANT SELECT, INSERT, DELETE, UPDATE ("valid_session") ON TABLE "tomcat_sessions" TO "tomcat_account"
