-- Checks whether the database exists.
-- For `init-db --apply`.
-- The file exists, because it has been opened.
SELECT 1
