-- Tells whether the database is there.
SELECT COUNT(*) FROM sys.databases WHERE name = :database
