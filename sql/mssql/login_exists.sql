-- Tells whether the login of Tomcat's account is there.
-- SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.server_principals WHERE name = :user AND type = 'S'
