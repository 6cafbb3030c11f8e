-- Takes the advisory lock of this table, waiting at most so many seconds: 1 taken, 0 held by another, NULL failed.
-- It waits for as long as lock_timeout says, which this program sets: shortly, again and again, since a statement that waits
-- holds back what vacuum may remove. The key is derived from the name, which has that of the database and the table.
SELECT PG_ADVISORY_LOCK(HASHTEXTEXTENDED(:name, 0))
