-- Creates the database.
-- Its character set is the default for columns of the table.
CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4
