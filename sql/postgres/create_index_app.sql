-- Creates the index on the application.
CREATE INDEX IF NOT EXISTS "kapp_name" ON "tomcat_sessions" ("app_name")
