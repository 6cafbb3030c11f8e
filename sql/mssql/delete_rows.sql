-- Deletes sessions of one application by key; with bounds, only those that are still within them.
-- The rows are locked already. FORCESEEK may not stand beside the table that is deleted from: a loop from the ids to the table
-- has the server look each of them up, where a list of them may have it scan. READPAST keeps a scan from waiting for the rows
-- that were left out because others had locked them, and wants READCOMMITTEDLOCK under READ_COMMITTED_SNAPSHOT.
-- SQL Server 2008 and later.
DELETE t FROM (VALUES :id_rows) AS k (id)
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
  ON t.[session_id] = k.id
WHERE (t.[app_name] = :app OR (t.[app_name] IS NULL AND :app IS NULL))
  AND t.[max_inactive] > 0 AND t.[last_access] < :cutoff - CASE WHEN t.[max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST(t.[max_inactive] AS BIGINT) END * 1000 -- if cutoff
  AND t.[last_access] < :accessed_before -- if accessed_before
