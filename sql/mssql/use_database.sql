-- Selects the database for the following statements.
-- Guides create the user before this statement, so that it is created in master.
-- SQL Server 2005 and later.
USE [tomcat]
