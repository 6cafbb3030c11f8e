-- Reads what the catalogue says of the table: its kind, storage engine, row format and size.
SELECT table_type, engine, row_format, table_collation, CAST(table_rows AS SIGNED), CAST(data_length + index_length AS SIGNED)
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = :table
