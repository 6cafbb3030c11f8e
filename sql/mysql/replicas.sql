-- Reads the replicas that the server knows: those that are connected and report their host (report_host).
-- For `--max-lag`.
-- It requires REPLICATION SLAVE. The result is read by column names.
SHOW REPLICAS
