-- Takes the advisory lock of this table, waiting at most so many seconds: 1 taken, 0 held by another, NULL failed.
-- One at a time asks by pg_try_advisory_lock, and this program asks again until the time is over: a wait in the server would hold back
-- what vacuum may remove. The key is derived from the name, which has that of the database and the table.
SELECT CASE WHEN PG_TRY_ADVISORY_LOCK(HASHTEXTEXTENDED(:name, 0)) THEN 1 ELSE 0 END
