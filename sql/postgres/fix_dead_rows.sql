-- Removes deleted rows now.
-- Tomcat can read and write meanwhile.
VACUUM (ANALYZE) "tomcat_sessions"
