-- Tells whether the account is there.
-- It is the user in the database that is used; login_exists.sql looks for its login.
-- SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.database_principals WHERE name = :user AND type = 'S'
