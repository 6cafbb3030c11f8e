-- Grants only the necessary privileges, because whoever can write to this table can run code in Tomcat.
-- Tomcat's Store needs SELECT, INSERT and DELETE: DataSourceStore saves with DELETE and INSERT, and never updates.
-- UPDATE of one column is for `expire`: PostgreSQL locks rows (SELECT … FOR UPDATE) only for accounts that may update a
-- column. With this privilege, `expire` skips rows that Tomcat is saving instead of waiting for them. The column is
-- valid_session, which Tomcat writes and never reads.
-- CONNECT is granted to the account, because this script revokes it from PUBLIC when it creates the database.
REVOKE ALL ON TABLE "tomcat_sessions" FROM PUBLIC;
GRANT CONNECT ON DATABASE "tomcat" TO "tomcat_account";
GRANT USAGE ON SCHEMA "tomcat_schema" TO "tomcat_account"; -- if schema
GRANT SELECT, INSERT, DELETE, UPDATE ("valid_session") ON TABLE "tomcat_sessions" TO "tomcat_account"
