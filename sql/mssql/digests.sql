-- Reads sessions with the SHA-256 of their data, so that the data need not travel: a page in key order, or a list of ids.
-- TOP stands where LIMIT does elsewhere. HASHBYTES took 8,000 bytes at most before SQL Server 2016.
-- SQL Server 2016 and later.
SELECT TOP (:limit) [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), HASHBYTES('SHA2_256', [session_data])
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= :after_id -- if after_id
  AND ([session_id] > :after_id OR COALESCE([app_name], '') > COALESCE(:after_app, '')) -- if after_id
  AND [session_id] IN (:ids) -- if ids
ORDER BY [session_id]
  , [app_name] -- if app_in_key
