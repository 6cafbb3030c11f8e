-- Makes the database the one that the following statements are about.
-- Guides create the user before this, and it lands in master.
USE [tomcat]
