-- Deletes the sessions without an application, which no Tomcat finds.
DELETE FROM "tomcat_sessions" WHERE "app_name" IS NULL
