-- Selects the database for the following statements.
USE `tomcat`
