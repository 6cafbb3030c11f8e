-- Lists the privileges of Tomcat's account on the table, and the object of each grant.
-- For `init-db --apply`.
-- Privileges from roles and from PUBLIC are included.
SELECT p.name, 'the table'
FROM (VALUES ('SELECT'), ('INSERT'), ('DELETE'), ('UPDATE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p (name)
WHERE HAS_TABLE_PRIVILEGE(CAST(:user AS NAME), TO_REGCLASS(:table), p.name)
UNION ALL
SELECT 'CREATE', CONCAT('the database ', :database)
WHERE HAS_DATABASE_PRIVILEGE(CAST(:user AS NAME), (SELECT oid FROM pg_database WHERE datname = :database), 'CREATE')
ORDER BY 1, 2
