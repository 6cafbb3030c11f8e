-- Creates the database.
-- CREATE DATABASE is the only statement of its batch.
IF DB_ID(:database) IS NULL CREATE DATABASE [tomcat]
