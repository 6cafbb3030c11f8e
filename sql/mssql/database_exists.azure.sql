-- Tells whether the database is there.
-- In Azure SQL Database one sees no other database than the one that one is connected to.
-- SQL Server 2005 and later.
SELECT CASE WHEN DB_NAME() = :database THEN 1 ELSE 0 END
