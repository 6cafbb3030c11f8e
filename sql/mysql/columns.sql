-- Reads the table's columns: name, type, length, whether NULL is allowed, collation, the expression of a generated
-- column, and whether an INSERT that does not name the column succeeds.
-- For every command, when it opens the table.
-- It must not need more than access to the table itself.
SELECT column_name, data_type, column_type, CAST(character_maximum_length AS SIGNED), is_nullable = 'YES', collation_name,
  NULLIF(generation_expression, ''),
  column_default IS NOT NULL OR extra LIKE '%auto_increment%' OR extra LIKE '%GENERATED%'
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = :table
ORDER BY ordinal_position
