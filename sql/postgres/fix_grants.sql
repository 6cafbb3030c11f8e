-- Revokes all privileges of Tomcat's account; grant_minimal.sql then grants what it needs.
-- What it may do by a role that it is a member of, or as the owner of the table, it may still.
REVOKE ALL ON TABLE "tomcat_sessions" FROM "tomcat_account";
REVOKE CREATE ON DATABASE "tomcat" FROM "tomcat_account"
