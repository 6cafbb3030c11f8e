-- Reads keys of expired sessions in key order, for a table without an index on the expiry.
-- For `expire`.
-- It must not lock rows or read session data: lock_rows judges each row again.
-- READPAST skips locked rows instead of waiting; under READ_COMMITTED_SNAPSHOT it requires READCOMMITTEDLOCK. It waits for
-- locks on pages, so ROWLOCK keeps the scan from requesting any.
-- The timeout is cast before it is multiplied: an overflow would fail the statement (error 8115), as it fails Tomcat's own.
-- The last column says whether the session had already expired when the grace period began.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT TOP (:limit) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000))
  , CASE WHEN [last_access] >= :grace_begins - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END -- if grace_begins
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [session_id] >= :after_id -- if after_id
  AND ([session_id] > :after_id OR [app_name] > :after_app OR (:after_app IS NULL AND [app_name] IS NOT NULL)) -- if after_id
  AND [app_name] IN (:apps) -- if apps
ORDER BY [session_id]
  , [app_name] -- if app_in_key
