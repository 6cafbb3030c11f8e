-- Tells whether the database is there.
SELECT COUNT(*) FROM pg_database WHERE datname = :database
