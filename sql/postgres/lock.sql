-- Takes the advisory lock of this table, with a maximum wait in seconds: 1 taken, 0 held by another connection, NULL failed.
-- For every command that writes.
-- It must not block Tomcat, which does not use this lock.
-- It waits for as long as lock_timeout says, which this program sets: shortly, again and again, since a statement that waits
-- holds back what vacuum may remove. The key is derived from the name, which has that of the database and the table.
SELECT PG_ADVISORY_LOCK(HASHTEXTEXTENDED(:name, 0))
