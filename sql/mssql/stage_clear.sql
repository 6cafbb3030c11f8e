-- Empties the table that rows are loaded into.
TRUNCATE TABLE #tomcat_staging
