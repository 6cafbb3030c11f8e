-- Gives the advisory lock of this table back.
SELECT CASE WHEN PG_ADVISORY_UNLOCK(HASHTEXTEXTENDED(:name, 0)) THEN 1 ELSE 0 END
