-- Lists what the account of this connection may do.
-- Privilege, and where it holds. HAS_PERMS_BY_NAME counts what roles give, and tells an account of itself without any right to the catalogue.
-- SQL Server 2008 and later.
SELECT p.name, N'table'
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'DELETE'), (N'UPDATE'), (N'ALTER'), (N'CONTROL')) AS p (name)
WHERE HAS_PERMS_BY_NAME(:table, 'OBJECT', p.name) = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'database' WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'server' WHERE HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') = 1
