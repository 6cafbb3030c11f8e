-- Revokes all privileges of Tomcat's account; grant_minimal.sql then grants what it needs.
REVOKE ALL PRIVILEGES, GRANT OPTION FROM :user@:host
