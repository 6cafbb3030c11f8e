-- Takes all from Tomcat's account; grant_minimal.sql follows and gives it what it needs.
-- What other roles give stays: their membership is somebody's decision.
-- SQL Server 2012 and later.
IF IS_ROLEMEMBER('db_owner', :user) = 1 ALTER ROLE db_owner DROP MEMBER [tomcat_account];
REVOKE SELECT, INSERT, UPDATE, DELETE, ALTER, CONTROL FROM [tomcat_account];
REVOKE UPDATE, REFERENCES, ALTER, CONTROL ON [tomcat_sessions] FROM [tomcat_account]
