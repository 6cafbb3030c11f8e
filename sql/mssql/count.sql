-- Counts the sessions of the table; a server comes by its smallest index, not by the data.
-- SQL Server 2005 and later.
SELECT COUNT_BIG(*) FROM [tomcat_sessions]
