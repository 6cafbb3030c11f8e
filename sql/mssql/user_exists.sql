-- Tells whether the user of Tomcat's account is there, in the database that is used.
SELECT COUNT(*) FROM sys.database_principals WHERE name = :user AND type = 'S'
