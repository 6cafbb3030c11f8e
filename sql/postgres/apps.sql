-- Lists the applications that have sessions.
SELECT "app_name" FROM "tomcat_sessions" GROUP BY "app_name" ORDER BY "app_name" NULLS FIRST
