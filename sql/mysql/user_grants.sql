-- Lists what Tomcat's account may do with the table: privilege, and by a grant on what.
-- SHOW GRANTS would tell it in sentences, in MariaDB with the hash of the password among them. The name of a database
-- that has a grant is a pattern.
SELECT privilege_type, 'the server' FROM information_schema.user_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND privilege_type <> 'USAGE'
UNION
SELECT privilege_type, CONCAT('the database ', table_schema) FROM information_schema.schema_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND :database LIKE table_schema
UNION
SELECT privilege_type, 'the table' FROM information_schema.table_privileges
WHERE grantee = CONCAT('''', :user, '''@''', :host, '''') AND table_schema = :database AND table_name = :table
ORDER BY 1, 2
