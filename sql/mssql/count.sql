-- Counts the sessions in the table, by the smallest index.
-- For `migrate` and progress bars.
-- Works on SQL Server 2005 and later.
SELECT COUNT_BIG(*) FROM [tomcat_sessions]
