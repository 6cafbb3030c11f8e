-- Reads a mark that changes with every commit to the table, and whether the next one will change it too.
-- It is that of the whole file, and counts what other connections commit.
SELECT data_version, 1 FROM pragma_data_version
