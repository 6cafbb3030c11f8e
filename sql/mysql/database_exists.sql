-- Tells whether the database is there.
SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = :database
