-- Reads one whole session.
-- There is no operator that finds NULL by NULL before SQL Server 2022 (IS NOT DISTINCT FROM).
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2005 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] = :id AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
