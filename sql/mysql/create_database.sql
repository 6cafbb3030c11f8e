-- Creates the database.
-- Its character set is that of the columns for which the table says nothing else.
CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4
