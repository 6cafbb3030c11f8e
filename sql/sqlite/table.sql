-- Reads what the catalogue says of the table: its kind, storage engine, row format and size.
SELECT CASE type WHEN 'table' THEN 'BASE TABLE' ELSE upper(type) END, NULL, NULL, NULL, NULL, NULL
FROM pragma_table_list
WHERE schema = 'main' AND name = :table COLLATE NOCASE
