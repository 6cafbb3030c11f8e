-- Gives the column of the validity a type that takes Tomcat's '1'.
-- A BIT becomes a number, and not the character of that number, as it would in a CHAR.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `valid_session` TINYINT NOT NULL
