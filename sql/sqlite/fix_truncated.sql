-- Deletes the sessions whose data end exactly where a BLOB or a MEDIUMBLOB does.
DELETE FROM `tomcat_sessions` WHERE octet_length(`session_data`) IN (65535, 16777215)
