-- Reads a value that changes with every commit to the table, and whether the next commit will change it too.
-- For `export` and `migrate`, which skip a pass over an unchanged table.
-- It must not return the same value after a commit: then a changed session would be missed.
-- The value belongs to the whole file, and counts commits of other connections.
SELECT data_version, 1 FROM pragma_data_version
