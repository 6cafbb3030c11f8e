-- Tells whether the database is there.
-- The file is, or it could not have been opened.
SELECT 1
