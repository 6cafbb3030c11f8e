-- Lists what the account of this connection may do: privilege, and where it holds.
-- HAS_PERMS_BY_NAME counts what roles give (SQL Server 2005), and tells an account of itself without any right to the catalogue.
SELECT p.name, 'table'
FROM (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('UPDATE'), ('ALTER'), ('CONTROL')) AS p (name)
WHERE HAS_PERMS_BY_NAME(QUOTENAME(:table), 'OBJECT', p.name) = 1
UNION ALL
SELECT 'ALL PRIVILEGES', 'database' WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 1
UNION ALL
SELECT 'ALL PRIVILEGES', 'server' WHERE HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') = 1
