-- Reads the table's indexes, a row a column, in the order of the columns; the primary key is named PRIMARY.
-- What is ignored may not be named in a FORCE INDEX (1176), and keeps rows unique nevertheless.
-- MariaDB 10.6 and later.
SELECT index_name, index_name = 'PRIMARY', non_unique = 0, column_name, CAST(sub_part AS SIGNED), ignored = 'NO'
FROM information_schema.statistics
WHERE table_schema = DATABASE() AND table_name = :table
ORDER BY index_name, seq_in_index
