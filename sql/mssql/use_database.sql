-- Makes the database the one that the following statements are about.
-- Guides create the user before this, and it lands in master.
-- SQL Server 2005 and later.
USE [tomcat]
