-- Checks whether the database exists.
-- For `init-db --apply`.
SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = :database
