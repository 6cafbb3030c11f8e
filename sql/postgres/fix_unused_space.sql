-- Returns the unused space of the table to the operating system.
-- It copies the table; Tomcat has to wait meanwhile.
VACUUM (FULL, ANALYZE) "tomcat_sessions"
