-- Releases the advisory lock of this table.
-- For every command that writes, when it ends.
SELECT CASE WHEN PG_ADVISORY_UNLOCK(HASHTEXTEXTENDED(:name, 0)) THEN 1 ELSE 0 END
