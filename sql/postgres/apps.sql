-- Lists the applications that have sessions.
-- For every command with `--app`, and the completion of application names.
-- It must not scan the data: an index on the application is enough.
SELECT "app_name" FROM "tomcat_sessions" GROUP BY "app_name" ORDER BY "app_name" NULLS FIRST
