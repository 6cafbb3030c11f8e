-- Checks whether the login of Tomcat's account exists.
-- For `init-db --apply`.
-- Works on SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.server_principals WHERE name = :user AND type = 'S'
