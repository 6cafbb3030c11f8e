-- Tells whether the login of Tomcat's account is there.
SELECT COUNT(*) FROM sys.server_principals WHERE name = :user AND type = 'S'
