-- Checks whether the database exists.
-- For `init-db --apply`.
-- In Azure SQL Database a connection sees only its own database.
-- Works on SQL Server 2005 and later.
SELECT CASE WHEN DB_NAME() = :database THEN 1 ELSE 0 END
