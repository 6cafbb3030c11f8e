-- Reads the table's kind, storage engine, row format and size from the catalogue.
-- For every command, when it opens the table.
SELECT CASE c.relkind WHEN 'r' THEN 'BASE TABLE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'PARTITIONED TABLE' END,
  NULL, NULL, NULL, CAST(NULLIF(c.reltuples, -1) AS BIGINT), PG_TOTAL_RELATION_SIZE(c.oid)
FROM pg_class c
WHERE c.oid = TO_REGCLASS(:table) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
