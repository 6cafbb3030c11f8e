-- Reads the table's indexes, one row per column, in the order of the columns; the primary key is named PRIMARY.
-- For every command, when it opens the table.
-- Filtered indexes are not listed, because they do not contain all rows; neither are included columns.
-- Works on SQL Server 2008 and later.
SELECT CASE WHEN i.is_primary_key = 1 THEN N'PRIMARY' ELSE i.name END, CASE WHEN i.is_primary_key = 1 THEN 1 ELSE 0 END,
  CASE WHEN i.is_unique = 1 THEN 1 ELSE 0 END, c.name, NULL, 1
FROM sys.indexes i
  JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
  JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(:table) AND i.has_filter = 0 AND k.is_included_column = 0
ORDER BY i.name, k.key_ordinal
