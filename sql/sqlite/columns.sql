-- Reads the table's columns: name, type, length, whether NULL is allowed, collation, the expression of a generated
-- column, and whether an INSERT that does not name the column succeeds.
-- For every command, when it opens the table.
-- It must not need more than access to the table itself.
-- SQLite compares text by bytes unless a column says otherwise, and its catalogue does not show collations or expressions;
-- a column with hidden 2 or 3 is generated.
SELECT name, lower(CASE instr(type, '(') WHEN 0 THEN type ELSE substr(type, 1, instr(type, '(') - 1) END), type,
  CASE instr(type, '(') WHEN 0 THEN NULL ELSE CAST(substr(type, instr(type, '(') + 1) AS INTEGER) END, `notnull` = 0 AND pk = 0, NULL,
  CASE WHEN hidden IN (2, 3) THEN 'generated' END, dflt_value IS NOT NULL
FROM pragma_table_xinfo(:table)
ORDER BY cid
