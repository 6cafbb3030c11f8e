-- Reads complete sessions by a list of ids.
-- For `export`, `migrate`, `audit`, `verify` and filters on the data.
-- It must not lock rows.
-- One id may match sessions of several applications: the caller discards those that it did not want.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] IN (:ids)
