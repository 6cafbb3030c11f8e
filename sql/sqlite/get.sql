-- Reads one complete session.
-- For `show`, and every command that reads the data of a single session.
-- IS compares NULLs as equal, as <=> does in MySQL.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, octet_length(`session_data`), `session_data`
FROM `tomcat_sessions`
WHERE `session_id` = :id AND `app_name` IS :app
