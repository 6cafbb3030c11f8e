-- Lists the privileges of Tomcat's account on the table, and the object of each grant.
-- For `init-db --apply`.
-- SHOW GRANTS would return sentences, in MariaDB including the password hash. The database name of a grant is a pattern.
SELECT privilege_type, 'the server' FROM information_schema.user_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND privilege_type <> 'USAGE'
UNION
SELECT privilege_type, CONCAT('the database ', table_schema) FROM information_schema.schema_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND :database LIKE table_schema
UNION
SELECT privilege_type, 'the table' FROM information_schema.table_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND table_schema = :database AND table_name = :table
ORDER BY 1, 2
