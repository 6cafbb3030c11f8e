-- Reads keys of one application's expired sessions in the order of their last access, from the index alone.
-- An index on a computed expires_at would need special SET options of every connection that writes (error 1934), Tomcat's too:
-- the index is on last_access here, and the time-out, included in it, decides without the row being read.
SELECT TOP (:limit) [session_id], [app_name], [last_access]
FROM [tomcat_sessions] WITH (READPAST)
WHERE [app_name] = :app AND [last_access] < :cutoff AND [max_inactive] > 0 AND [last_access] < :cutoff - CASE WHEN [max_inactive] > 9000000000000000 THEN 9000000000000000 ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] >= :after_expiry -- if after_id
  AND ([last_access] > :after_expiry OR [session_id] > :after_id) -- if after_id
ORDER BY [last_access], [session_id]
