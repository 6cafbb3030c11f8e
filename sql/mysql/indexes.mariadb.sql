-- Reads the table's indexes, one row per column, in the order of the columns; the primary key is named PRIMARY.
-- For every command, when it opens the table.
-- FORCE INDEX cannot name an ignored index (error 1176), which still enforces uniqueness.
-- MariaDB 10.6 and later.
SELECT index_name, index_name = 'PRIMARY', non_unique = 0, column_name, CAST(sub_part AS SIGNED), ignored = 'NO'
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = :table
ORDER BY index_name, seq_in_index
