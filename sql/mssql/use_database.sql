-- Selects the database for the following statements.
-- Guides create the user before this statement: the user is then created in master, by mistake.
-- Works on SQL Server 2005 and later.
USE [tomcat]
