-- Reads what deleted rows have left behind, and the age of the oldest transaction id in the table.
-- For `check`.
-- It must not need a privilege, or read the table.
-- The space of the table and the space that its rows need are those that the last VACUUM or ANALYZE counted. Long data are in a
-- table of their own (TOAST), four pieces to a page of 8 kB. Each row has 28 bytes of its own.
SELECT CURRENT_SETTING('autovacuum') = 'on', CURRENT_SETTING('track_counts') = 'on',
  COALESCE((SELECT CAST(option_value AS BOOLEAN) FROM PG_OPTIONS_TO_TABLE(c.reloptions) WHERE option_name = 'autovacuum_enabled'), TRUE)
    AND COALESCE((SELECT CAST(option_value AS BOOLEAN) FROM PG_OPTIONS_TO_TABLE(t.reloptions) WHERE option_name = 'autovacuum_enabled'), TRUE),
  PG_STAT_GET_DEAD_TUPLES(c.oid), PG_STAT_GET_LIVE_TUPLES(c.oid),
  CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()
    - GREATEST(PG_STAT_GET_LAST_VACUUM_TIME(c.oid), PG_STAT_GET_LAST_AUTOVACUUM_TIME(c.oid))) AS BIGINT),
  CAST(GREATEST(AGE(c.relfrozenxid), AGE(t.relfrozenxid)) AS BIGINT), CAST(AGE(d.datfrozenxid) AS BIGINT),
  LEAST(CAST(CURRENT_SETTING('autovacuum_freeze_max_age') AS BIGINT),
    (SELECT CAST(option_value AS BIGINT) FROM PG_OPTIONS_TO_TABLE(c.reloptions) WHERE option_name = 'autovacuum_freeze_max_age')),
  CAST(CURRENT_SETTING('autovacuum_freeze_max_age') AS BIGINT),
  (c.relpages + CASE WHEN t.reltuples >= 0 THEN t.relpages ELSE 0 END) * CAST(CURRENT_SETTING('block_size') AS BIGINT),
  CAST(NULLIF(c.reltuples, -1) * (28 + s.row_width) + GREATEST(t.reltuples, 0) * 2048 AS BIGINT),
  a.attstorage = 'p'
FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_database d ON d.datname = CURRENT_DATABASE()
  LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = :data_column
  LEFT JOIN (SELECT schemaname, tablename, SUM(avg_width) AS row_width FROM pg_stats GROUP BY schemaname, tablename) s
    ON s.schemaname = n.nspname AND s.tablename = c.relname
WHERE c.oid = TO_REGCLASS(:table) AND c.relkind = 'r'
