-- Removes deleted rows now.
-- Tomcat reads and writes meanwhile.
VACUUM (ANALYZE) "tomcat_sessions"
