-- Lists the privileges of this connection's account.
-- For `check`.
-- Privileges from roles are included. An owner may alter and drop the table.
SELECT p.name, 'table'
FROM (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('UPDATE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p (name)
WHERE HAS_TABLE_PRIVILEGE(TO_REGCLASS(:table), p.name)
UNION ALL
SELECT 'ALTER', 'table' FROM pg_class WHERE oid = TO_REGCLASS(:table) AND PG_HAS_ROLE(relowner, 'USAGE')
UNION ALL
SELECT 'CREATE', 'database' WHERE HAS_DATABASE_PRIVILEGE(CURRENT_DATABASE(), 'CREATE')
UNION ALL
SELECT 'ALL PRIVILEGES', 'server' FROM pg_roles WHERE rolname = CURRENT_USER AND rolsuper
UNION ALL
SELECT 'CREATE USER', 'server' FROM pg_roles WHERE rolname = CURRENT_USER AND rolcreaterole
