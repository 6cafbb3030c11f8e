-- Revokes all privileges of Tomcat's account; grant_minimal.sql then grants what it needs.
-- Privileges from other roles remain: an administrator granted the membership.
-- Works on SQL Server 2012 and later.
IF IS_ROLEMEMBER('db_owner', :user) = 1 ALTER ROLE db_owner DROP MEMBER [tomcat_account];
REVOKE SELECT, INSERT, UPDATE, DELETE, ALTER, CONTROL FROM [tomcat_account];
REVOKE UPDATE, REFERENCES, ALTER, CONTROL ON [tomcat_sessions] FROM [tomcat_account]
