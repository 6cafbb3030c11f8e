-- Reads the table's kind, storage engine, row format and size from the catalogue.
-- For every command, when it opens the table.
-- A table without a clustered index is a heap, which is reported instead of the row format.
-- Works on SQL Server 2005 and later.
SELECT CASE o.type WHEN 'U' THEN N'BASE TABLE' ELSE N'VIEW' END,
  NULL, (SELECT CAST(MIN(i.type_desc) AS NVARCHAR(60)) FROM sys.indexes i WHERE i.object_id = o.object_id AND i.index_id < 2), NULL,
  (SELECT CAST(SUM(p.rows) AS BIGINT) FROM sys.partitions p WHERE p.object_id = o.object_id AND p.index_id < 2), NULL
FROM sys.objects o
WHERE o.object_id = OBJECT_ID(:table) AND o.type IN ('U', 'V')
