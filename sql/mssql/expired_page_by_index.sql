-- Reads keys of one application's expired sessions in the order of their expiry, from the index alone.
-- It is the order of their last access here. An index on a computed expires_at would need special SET options of every connection that writes (error 1934), Tomcat's too:
-- the index is on last_access, and the time-out, included in it, decides without the row being read.
-- The last column says whether a session expired when the grace began, or later.
-- SQL Server 2005 and later.
SELECT TOP (:limit) [session_id], [app_name], [last_access]
  , CASE WHEN [last_access] >= :grace_begins - CASE WHEN [max_inactive] > 9000000000000000 THEN 9000000000000000 ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END -- if grace_begins
FROM [tomcat_sessions]
  WITH (READPAST, READCOMMITTEDLOCK)
WHERE [app_name] = :app AND [last_access] < :cutoff AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > 9000000000000000 THEN 9000000000000000 ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] >= :after_expiry -- if after_id
  AND ([last_access] > :after_expiry OR [session_id] > :after_id) -- if after_id
ORDER BY [last_access], [session_id]
