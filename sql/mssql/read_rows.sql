-- Reads whole sessions, of a list of ids.
-- One id may stand for sessions of several applications: who asked leaves out what was not asked for.
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2005 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] IN (:ids)
