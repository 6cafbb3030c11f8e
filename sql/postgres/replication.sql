-- Reads what the server replicates, from which source, and its lag.
-- For `--read-from`, `--max-lag` and `check`.
-- Only members of pg_read_all_stats see all columns. A standby that has replayed everything it received is not behind.
SELECT sender_host, CAST(sender_port AS TEXT), status = 'streaming',
  CASE WHEN PG_LAST_WAL_RECEIVE_LSN() = PG_LAST_WAL_REPLAY_LSN() THEN 0
    ELSE CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP() - PG_LAST_XACT_REPLAY_TIMESTAMP()) * 1000) AS BIGINT) END
FROM pg_stat_wal_receiver
