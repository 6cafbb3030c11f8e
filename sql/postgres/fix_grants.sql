-- Revokes all privileges of Tomcat's account; grant_minimal.sql then grants what it needs.
-- It keeps the privileges of the roles that it is a member of, and those of the table's owner if it owns the table.
REVOKE ALL ON TABLE "tomcat_sessions" FROM "tomcat_account";
REVOKE CREATE ON DATABASE "tomcat" FROM "tomcat_account"
