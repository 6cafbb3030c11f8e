-- Reads what the server replicates, from which source, and its lag.
-- For `--read-from`, `--max-lag` and `check`.
-- It must not need a privilege, or fail on a server that is no standby.
-- Only administrators and members of pg_read_all_stats see where the source is. A standby that has replayed all that it received
-- is not behind; one that receives nothing any more, although it did, has stopped. One that never did restores an archive.
SELECT COALESCE(r.sender_host, SUBSTRING(c.setting FROM 'host=''?([^ '']+)')),
  COALESCE(CAST(r.sender_port AS TEXT), SUBSTRING(c.setting FROM 'port=''?([0-9]+)')),
  CASE WHEN PG_IS_WAL_REPLAY_PAUSED() THEN FALSE WHEN r.pid IS NULL THEN PG_LAST_WAL_RECEIVE_LSN() IS NULL
    ELSE COALESCE(r.status = 'streaming', TRUE) END,
  CASE WHEN PG_LAST_WAL_RECEIVE_LSN() = PG_LAST_WAL_REPLAY_LSN() THEN 0
    ELSE CAST(FLOOR(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP() - PG_LAST_XACT_REPLAY_TIMESTAMP()) * 1000) AS BIGINT) END
FROM (SELECT 1 WHERE PG_IS_IN_RECOVERY()) s (standby)
  LEFT JOIN pg_stat_wal_receiver r ON TRUE
  LEFT JOIN pg_settings c ON c.name = 'primary_conninfo'
