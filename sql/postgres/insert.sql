-- Inserts sessions; each row is id, application, valid, max_inactive in seconds, last_access in epoch milliseconds, blob.
INSERT INTO "tomcat_sessions" ("session_id", "app_name", "valid_session", "max_inactive", "last_access", "session_data")
VALUES :rows
