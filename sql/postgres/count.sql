-- Counts the sessions in the table, by the smallest index.
-- For `migrate` and progress bars.
SELECT COUNT(*) FROM "tomcat_sessions"
