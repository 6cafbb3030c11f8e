-- Checks whether the database exists.
-- For `init-db --apply`.
-- Works on SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.databases WHERE name = :database
