-- Frees the table of old transaction ids.
-- Tomcat reads and writes meanwhile.
VACUUM (FREEZE) "tomcat_sessions"
