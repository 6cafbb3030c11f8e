-- Reads a mark that changes with every commit to the table, and whether the next one will change it too.
-- The mark has seconds: within the second that it names, and while clocks are compared, another change may not show.
-- InnoDB keeps it in memory, and NULL stands for what is not known, for instance after a restart.
SELECT UNIX_TIMESTAMP(update_time), update_time < SYSDATE() - INTERVAL 2 SECOND
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = :table
