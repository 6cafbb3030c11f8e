-- Frees the table of old transaction ids.
-- Tomcat can read and write meanwhile.
VACUUM (FREEZE) "tomcat_sessions"
