-- Reads the table's indexes, one row per column, in the order of the columns; the primary key is named PRIMARY.
-- For every command, when it opens the table.
-- Partial and invalid indexes are omitted, because they do not find all rows. If the second part of an index is the
-- expression of create_index_expiry.sql, it is reported as "expires_at".
SELECT CASE WHEN i.indisprimary THEN 'PRIMARY' ELSE CAST(c.relname AS TEXT) END, i.indisprimary, i.indisunique AND i.indimmediate,
  CASE WHEN a.attname IS NOT NULL THEN CAST(a.attname AS TEXT)
    WHEN PG_GET_INDEXDEF(i.indexrelid, k.n, FALSE) = FORMAT('((%I + (%I * 1000)))', :access_column, :timeout_column) THEN :expires_column END,
  NULL, TRUE
FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  CROSS JOIN LATERAL GENERATE_SERIES(1, CAST(i.indnkeyatts AS INT)) AS k (n)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n - 1] AND a.attnum > 0
WHERE i.indrelid = TO_REGCLASS(:table) AND i.indisvalid AND i.indpred IS NULL
ORDER BY 1, k.n
