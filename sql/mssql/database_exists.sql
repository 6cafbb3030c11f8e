-- Tells whether the database is there.
-- SQL Server 2005 and later.
SELECT COUNT(*) FROM sys.databases WHERE name = :database
