-- Reads the table's columns: name, type, length, whether NULL is allowed, collation, the expression of a generated
-- column, and whether an INSERT that does not name the column succeeds.
-- For every command, when it opens the table.
-- It must not need more than access to the table itself.
-- "expires_at" is not a column here but an index expression (create_index_expiry.sql). It is listed if such an index exists.
-- Under every collation, texts are equal only if their bytes are equal, unless the collation is not deterministic.
SELECT CAST(a.attname AS TEXT), FORMAT_TYPE(a.atttypid, NULL), FORMAT_TYPE(a.atttypid, a.atttypmod),
  CAST(CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS BIGINT),
  NOT a.attnotnull,
  CASE WHEN t.typname = 'citext' THEN 'citext_ci' WHEN NOT c.collisdeterministic THEN CONCAT(c.collname, ' (nondeterministic)') END,
  CASE WHEN a.attgenerated <> '' THEN PG_GET_EXPR(d.adbin, d.adrelid) END,
  a.atthasdef OR a.attidentity <> '', CAST(a.attnum AS BIGINT)
FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation c ON c.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = TO_REGCLASS(:table) AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT :expires_column, 'bigint', 'bigint', NULL, TRUE, NULL, CONCAT(:access_column, ' + ', :timeout_column, ' * 1000'), FALSE, 100000
FROM (SELECT MIN(indexrelid) AS indexrelid FROM pg_index
  WHERE indrelid = TO_REGCLASS(:table) AND indisvalid AND indpred IS NULL
    AND PG_GET_INDEXDEF(indexrelid, 2, FALSE) = FORMAT('((%I + (%I * 1000)))', :access_column, :timeout_column)) i
WHERE i.indexrelid IS NOT NULL
ORDER BY 9
