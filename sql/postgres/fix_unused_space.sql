-- Returns the unused space of the table to the operating system.
-- It copies the table, and Tomcat waits meanwhile.
VACUUM (FULL, ANALYZE) "tomcat_sessions"
