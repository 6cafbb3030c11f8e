-- Takes the advisory lock of this table, with a maximum wait in seconds: 1 taken, 0 held by another connection, NULL failed.
-- For every command that writes.
-- It must not block Tomcat, which does not use this lock.
-- It waits for lock_timeout, which the program sets to a short time and retries: a waiting statement keeps vacuum from
-- removing dead rows. The key is a hash of the lock's name, which contains the names of the database and the table.
SELECT PG_ADVISORY_LOCK(HASHTEXTEXTENDED(:name, 0))
