-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- It is the order of their last access here. An index on a computed expires_at would need special SET options of every connection that writes (error 1934), Tomcat's too:
-- the index is on last_access, and the time-out, included in it, decides without the row being read.
-- The last column says whether a session expired when the grace began, or later.
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2005 and later.
SELECT TOP (:limit) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), [last_access]
  , CASE WHEN [last_access] >= :grace_begins - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END -- if grace_begins
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [app_name] = :app AND [last_access] < :cutoff AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] >= :after_expiry -- if after_id
  AND ([last_access] > :after_expiry OR [session_id] > :after_id) -- if after_id
ORDER BY [last_access], [session_id]
