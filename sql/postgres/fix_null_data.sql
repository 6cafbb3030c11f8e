-- Deletes the sessions without data, which Tomcat cannot load.
DELETE FROM "tomcat_sessions" WHERE "session_data" IS NULL
