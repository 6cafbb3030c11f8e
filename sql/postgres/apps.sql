-- Lists the applications that have sessions.
SELECT DISTINCT "app_name" FROM "tomcat_sessions" ORDER BY "app_name"
