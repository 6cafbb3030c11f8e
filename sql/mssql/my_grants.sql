-- Lists what the account of this connection may do.
-- Privilege, and where it holds. HAS_PERMS_BY_NAME counts what roles give, and tells an account of itself without any right to the catalogue.
-- SQL Server 2008 and later.
SELECT p.name, 'table'
FROM (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('UPDATE'), ('ALTER'), ('CONTROL')) AS p (name)
WHERE HAS_PERMS_BY_NAME(:table, 'OBJECT', p.name) = 1
UNION ALL
SELECT 'ALL PRIVILEGES', 'database' WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 1
UNION ALL
SELECT 'ALL PRIVILEGES', 'server' WHERE HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') = 1
