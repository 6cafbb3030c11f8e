-- Reads a mark that changes with every commit to the table, and whether the next one will change it too.
-- MySQL's InnoDB notes the second of the last commit. Within the second that it names, and while clocks are compared, another
-- commit may not show. It is kept in memory, and NULL stands for what is not known, for instance after a restart.
-- Other storage engines and partitioned tables note other moments, or none: they have no mark.
SELECT UNIX_TIMESTAMP(update_time), update_time < SYSDATE() - INTERVAL 2 SECOND
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = :table
  AND engine = 'InnoDB' AND create_options NOT LIKE '%partitioned%'
