-- Grants only the privileges that Tomcat's Store needs: it selects, inserts and deletes, and never updates
-- (DataSourceStore saves with DELETE and INSERT). Whoever can write to this table can run code in Tomcat.
-- CONNECT is granted by name, since this script takes it from everybody where it creates the database.
REVOKE ALL ON TABLE "tomcat_sessions" FROM PUBLIC;
GRANT CONNECT ON DATABASE "tomcat" TO "tomcat_account";
GRANT SELECT, INSERT, DELETE ON TABLE "tomcat_sessions" TO "tomcat_account"
