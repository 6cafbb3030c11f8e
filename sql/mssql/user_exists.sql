-- Checks whether the account exists.
-- For `init-db --apply`.
-- This is the user in the selected database; login_exists.sql looks for its login.
-- Works on SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.database_principals WHERE name = :user AND type = 'S'
