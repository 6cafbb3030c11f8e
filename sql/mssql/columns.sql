-- Reads the table's columns: name, type, length, whether NULL is allowed, collation, the expression of a generated
-- column, and whether an INSERT that does not name the column succeeds.
-- For every command, when it opens the table.
-- It must not need more than access to the table itself.
-- A length of -1 is MAX; a Unicode type counts two bytes per character.
-- Works on SQL Server 2005 and later.
SELECT c.name, t.name,
  CASE WHEN t.name LIKE '%char' OR t.name LIKE '%binary'
    THEN t.name + N'(' + CASE WHEN c.max_length = -1 THEN N'max' ELSE CAST(CASE WHEN t.name LIKE 'n%' THEN c.max_length / 2 ELSE c.max_length END AS NVARCHAR(10)) END + N')'
    ELSE t.name END,
  CAST(CASE WHEN c.max_length = -1 THEN NULL WHEN t.name LIKE 'n%char' THEN c.max_length / 2 ELSE c.max_length END AS BIGINT),
  CASE WHEN c.is_nullable = 1 THEN 1 ELSE 0 END, c.collation_name,
  CASE WHEN c.is_computed = 1 THEN N'computed' END, CASE WHEN c.default_object_id <> 0 OR c.is_identity = 1 THEN 1 ELSE 0 END
FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
WHERE c.object_id = OBJECT_ID(:table)
ORDER BY c.column_id
