-- Reads one whole session.
-- There is no operator that finds NULL by NULL before SQL Server 2022 (IS NOT DISTINCT FROM).
-- SQL Server 2005 and later.
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] = :id AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
