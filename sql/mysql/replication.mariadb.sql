-- Reads what the server replicates, from which source, and its lag.
-- For `--read-from`, `--max-lag` and `check`.
-- It requires SLAVE MONITOR. The result is read by column names.
SHOW ALL SLAVES STATUS
