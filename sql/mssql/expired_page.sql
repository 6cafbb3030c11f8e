-- Reads keys of expired sessions in the order of the key: the way for a table without an index on the expiry.
-- No locks are kept or waited for and no blob is read: READPAST, which wants READCOMMITTEDLOCK under READ_COMMITTED_SNAPSHOT,
-- passes over locks of rows and waits for those of pages: ROWLOCK, so that a scan asks for none.
-- The time-out is cast before it is multiplied: an overflow would fail the statement (8115), as it fails Tomcat's own.
-- The last column says whether a session expired when the grace began, or later.
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2005 and later.
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
