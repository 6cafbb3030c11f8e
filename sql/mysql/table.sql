-- Reads the table's kind, storage engine, row format and size from the catalogue.
-- For every command, when it opens the table.
SELECT table_type, engine, row_format, table_collation, CAST(table_rows AS SIGNED), CAST(data_length + index_length AS SIGNED)
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = :table
