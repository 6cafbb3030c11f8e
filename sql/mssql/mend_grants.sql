-- Takes all from Tomcat's account; grant_minimal.sql follows and gives it what it needs.
-- REVOKE takes what was granted, not what a role gives.
ALTER ROLE db_owner DROP MEMBER [tomcat_account]
