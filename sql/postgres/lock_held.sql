-- Checks whether this connection holds the advisory lock of this table.
-- For every command that writes, after a pause or a reconnection.
SELECT COUNT(*) FROM pg_locks
WHERE locktype = 'advisory' AND pid = PG_BACKEND_PID() AND granted AND objsubid = 1
  AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
  AND (CAST(classid AS BIGINT) << 32 | CAST(objid AS BIGINT)) = HASHTEXTEXTENDED(:name, 0)
