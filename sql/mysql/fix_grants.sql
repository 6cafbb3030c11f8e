-- Takes all from Tomcat's account; grant_minimal.sql follows and gives it what it needs.
REVOKE ALL PRIVILEGES, GRANT OPTION FROM :user@:host
