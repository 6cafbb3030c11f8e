-- Creates the database.
CREATE DATABASE IF NOT EXISTS `tomcat` CHARACTER SET utf8mb4
