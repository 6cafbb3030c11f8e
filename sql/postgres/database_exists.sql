-- Checks whether the database exists.
-- For `init-db --apply`.
SELECT COUNT(*) FROM pg_database WHERE datname = :database
