-- Deletes sessions of one application by key; with bounds, only those that still meet them.
-- For `expire`, `delete`, `logout`, `swap-out`, `swap-in`, `migrate` and `import`, after lock_rows.
-- It must not delete rows of another application, or rows outside the bounds.
-- The rows are already locked. FORCESEEK is not allowed on the target of a DELETE: a loop join from the ids to the table
-- makes the server look up each id, whereas a list of ids may be scanned for. READPAST keeps a scan from waiting for rows
-- that were skipped because others had locked them; under READ_COMMITTED_SNAPSHOT it requires READCOMMITTEDLOCK.
-- Works on SQL Server 2008 and later.
DELETE t FROM (VALUES :id_rows) AS k (id)
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
  ON t.[session_id] = k.id
WHERE (t.[app_name] = :app OR (t.[app_name] IS NULL AND :app IS NULL))
  AND t.[max_inactive] > 0 AND t.[last_access] < :cutoff - CASE WHEN t.[max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST(t.[max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND t.[last_access] < :accessed_before -- if accessed_before
