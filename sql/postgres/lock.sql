-- Takes the advisory lock of this table, with a maximum wait in seconds: 1 taken, 0 held by another connection, NULL failed.
-- For every command that writes.
-- It must not block Tomcat, which does not use this lock.
-- It waits for lock_timeout, which the program sets to a short time and retries: a waiting statement keeps vacuum from
-- removing dead rows. The key is a hash of the lock's name, which contains the names of the database and the table. A
-- session can take a lock that it holds once more. NULL: it holds the lock, because a connection pool has passed it on.
SELECT CASE
  WHEN EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND pid = PG_BACKEND_PID() AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
      AND (CAST(classid AS BIGINT) << 32 | CAST(objid AS BIGINT)) = HASHTEXTEXTENDED(:name, 0)
  ) THEN NULL
  WHEN PG_ADVISORY_LOCK(HASHTEXTEXTENDED(:name, 0)) IS NULL THEN 0
  ELSE 1 END
