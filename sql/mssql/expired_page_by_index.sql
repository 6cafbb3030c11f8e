-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- For `expire`.
-- It must not lock rows or read the table: lock_rows judges each row again.
-- Here it is the order of the last access. An index on a computed expires_at would require special SET options in every
-- connection that writes (error 1934), including Tomcat's. The index on last_access includes the timeout, so that no row is
-- read.
-- The last column says whether the session had already expired when the grace period began.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT TOP (:limit) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), [last_access]
  , CASE WHEN [last_access] >= :grace_begins - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END -- if grace_begins
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [app_name] = :app AND [last_access] < :cutoff AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] >= :after_expiry -- if after_id
  AND ([last_access] > :after_expiry OR [session_id] > :after_id) -- if after_id
ORDER BY [last_access], [session_id]
