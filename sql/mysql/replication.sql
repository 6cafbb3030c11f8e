-- Reads what the server replicates, from which source, and its lag.
-- For `--read-from`, `--max-lag` and `check`.
-- It requires REPLICATION CLIENT. The result is read by column names.
SHOW REPLICA STATUS
