-- Reads a page of sessions in key order, without their data; or with data of at most the given number of bytes.
-- For `list`, `stats`, `export`, `migrate`, `audit` and every filter.
-- It must not lock rows, or use OFFSET: a row that Tomcat inserts or deletes must not shift the next page.
-- TOP is this dialect's LIMIT; in LIKE, [ must be escaped too. Parameters are NVARCHAR, which would turn a seek in a
-- VARCHAR column into a scan, so the engine casts them to the column's type.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT TOP (:limit) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
  , CASE WHEN DATALENGTH([session_data]) <= :whole_to THEN [session_data] END -- if whole_to
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= :after_id -- if after_id
  AND ([session_id] > :after_id OR [app_name] > :after_app OR (:after_app IS NULL AND [app_name] IS NOT NULL)) -- if after_id
  AND [session_id] >= :from_id -- if from_id
  AND [session_id] < :before_id -- if before_id
  AND [session_id] LIKE REPLACE(REPLACE(REPLACE(REPLACE(:id_prefix, '!', '!!'), '%', '!%'), '_', '!_'), '[', '![') + '%' ESCAPE '!' -- if id_prefix
  AND [app_name] IN (:apps) -- if apps
  AND [max_inactive] > 0 AND [last_access] < :expired_before - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 -- if expired_before
  AND [last_access] < :accessed_before -- if accessed_before
  AND [last_access] >= :accessed_from -- if accessed_from
  AND DATALENGTH([session_data]) > :larger_than -- if larger_than
  AND (DATALENGTH([session_data]) < :smaller_than OR [session_data] IS NULL) -- if smaller_than
ORDER BY [session_id]
  , [app_name] -- if app_in_key
  , [last_access] DESC, DATALENGTH([session_data]) DESC, [max_inactive] DESC, [valid_session] DESC -- if with_duplicates
