-- Counts the sessions of the table; a server comes by its smallest index, not by the data.
SELECT COUNT(*) FROM "tomcat_sessions"
