-- Reads one complete session.
-- For `show`, and every command that reads the data of a single session.
-- Before SQL Server 2022 (IS NOT DISTINCT FROM) no operator finds NULL by NULL.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] = :id AND ([app_name] = :app OR ([app_name] IS NULL AND :app IS NULL))
