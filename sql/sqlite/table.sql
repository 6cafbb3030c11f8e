-- Reads the table's kind, storage engine, row format and size from the catalogue.
-- For every command, when it opens the table.
SELECT CASE type WHEN 'table' THEN 'BASE TABLE' ELSE upper(type) END, NULL, NULL, NULL, NULL, NULL
FROM pragma_table_list
WHERE schema = 'main' AND name = :table COLLATE NOCASE
