-- Counts what Tomcat would trip over, in one scan: the biggest session, rows without data or application, blobs that
-- end exactly where a BLOB or a MEDIUMBLOB does, time-outs above what INT * 1000 can hold.
SELECT COUNT(*), CAST(MAX(LENGTH(`session_data`)) AS SIGNED),
  CAST(COALESCE(SUM(`session_data` IS NULL), 0) AS SIGNED), CAST(COALESCE(SUM(`app_name` IS NULL), 0) AS SIGNED),
  CAST(COALESCE(SUM(LENGTH(`session_data`) = 65535), 0) AS SIGNED), CAST(COALESCE(SUM(LENGTH(`session_data`) = 16777215), 0) AS SIGNED),
  CAST(COALESCE(SUM(`max_inactive` <= 0), 0) AS SIGNED), CAST(COALESCE(SUM(`max_inactive` > 2147483), 0) AS SIGNED),
  MAX(`last_access`)
FROM `tomcat_sessions`
