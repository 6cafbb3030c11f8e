-- Reads whole sessions: of a list of ids, or from one id to another, both included.
-- One id may stand for sessions of several applications: who asked leaves out what was not asked for.
-- SQL Server 2005 and later.
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] IN (:ids) -- if ids
  AND [session_id] >= :from_id AND [session_id] <= :to_id -- if from_id
