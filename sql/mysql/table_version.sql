-- Reads a value that changes with every commit to the table, and whether the next commit will change it too.
-- For `export` and `migrate`, which skip a pass over an unchanged table.
-- It must not return the same value after a commit: then a changed session would be missed.
-- MySQL's InnoDB stores the second of the last commit, so that another commit within that second may not show. The value is
-- kept in memory; NULL means unknown, for example after a restart. Other storage engines and partitioned tables store other
-- times, or none: for them the value is NULL.
SELECT UNIX_TIMESTAMP(update_time), update_time < SYSDATE() - INTERVAL 2 SECOND
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = :table
  AND engine = 'InnoDB' AND create_options NOT LIKE '%partitioned%'
